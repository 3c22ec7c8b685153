// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// Lists as streams (KEP-3157): a watch that begins with the present objects, and says when they are complete.
extension ReflectorStateMachine {
    mutating func stream() -> Step {
        state = .startingWatch(advances: false, isStreamingList: true)
        let version = isVersionUnavailable ? "" : resourceVersion ?? ""
        return .watch(options(from: version, sendsInitialEvents: true))
    }

    /// The stream has not completed the list in time, whatever it does send.
    mutating func streamTimedOut() -> Step {
        // It would cost the same time again at each list.
        hasGivenUpStreams = true
        return listInstead()
    }

    /// Whether a stream runs that has yet to complete the list.
    var isListStream: Bool { watching?.isStreamingList ?? false }

    private mutating func listInstead() -> Step {
        cause = .streamFailed
        return list()
    }

    mutating func streamFailedToStart(_ error: KubeError, now: AnyClock.Instant) -> Step {
        switch error.code {
        case .connection, .tooManyRequests: wait(for: .stream, because: error, now: now)
        case .expired, .resourceVersionTooLarge: streamVersionIsUnavailable()
        default: listInstead()
        }
    }

    private mutating func streamVersionIsUnavailable() -> Step {
        // A server to which even the newest version is too old does not mean it.
        if isVersionUnavailable { return listInstead() }
        isVersionUnavailable = true
        cause = .expired
        return stream()
    }

    mutating func receivedInStream(
        _ event: WatchEvent<Object>,
        _ watching: inout Watching,
        now: AnyClock.Instant
    ) -> Outcome {
        switch event {
        case .added(let object), .modified(let object): return version(of: object) == nil ? .dropped : .listed(object)
        case .deleted(let object): return version(of: object) == nil ? .dropped : .unlisted(object)
        case .bookmark(let bookmark):
            // Neither an ordinary bookmark nor an object says how far the list has come: they are in no order.
            guard bookmark.endsInitialEvents else { return .ignored }
            guard !bookmark.resourceVersion.isEmpty else { return .dropped }
            watching.isStreamingList = false
            watching.advances = true
            brokenStreams = 0
            isVersionUnavailable = false
            resourceVersion = bookmark.resourceVersion
            return .replaced(resourceVersion: bookmark.resourceVersion)
        case .error(let status):
            let error = KubeError(status: status)
            return .abandon(streamFailedToStart(error, now: now))
        }
    }

    mutating func streamEnded(_ error: KubeError?, isShort: Bool, now: AnyClock.Instant) -> Step {
        if let error, !error.isOrdinaryEndOfWatch {
            return error.code == .tooManyRequests ? wait(for: .stream, because: error, now: now) : listInstead()
        }
        brokenStreams += 1
        guard !isShort, brokenStreams < Self.maximumBrokenStreams else { return listInstead() }
        let reason = error.map { "\($0)" } ?? "the server closed it"
        return wait(
            for: .stream,
            because: KubeError(code: .connection, message: "the stream ended before the list was complete: \(reason)"),
            now: now
        )
    }
}
