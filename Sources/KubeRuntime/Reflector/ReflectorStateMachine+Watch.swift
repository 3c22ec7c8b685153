// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// Watches.
extension ReflectorStateMachine {
    /// The watch that runs.
    var watching: Watching? { if case .watching(let watching) = state { watching } else { nil } }

    mutating func watchOptions() -> WatchOptions {
        let version = resourceVersion ?? ""
        state = .startingWatch(advances: !version.isEmpty && version != "0", isStreamingList: false)
        return options(from: version, sendsInitialEvents: false)
    }

    func options(from version: String, sendsInitialEvents: Bool) -> WatchOptions {
        let shortest = configuration.minimumWatchSeconds
        return WatchOptions(
            labelSelector: configuration.labelSelector,
            fieldSelector: configuration.fieldSelector,
            resourceVersion: version.isEmpty ? nil : version,
            allowsBookmarks: true,
            sendsInitialEvents: sendsInitialEvents,
            // Spread, so that the watches of many clients do not end together.
            timeoutSeconds: shortest + Int(Double(shortest) * random.next())
        )
    }

    mutating func watchStarted(now: AnyClock.Instant) {
        guard case .startingWatch(let advances, let isStreamingList) = state else {
            preconditionFailure("nobody asked for a watch")
        }
        state = .watching(Watching(startedAt: now, advances: advances, isStreamingList: isStreamingList))
    }

    mutating func watchFailedToStart(_ error: KubeError, now: AnyClock.Instant) -> Step {
        guard case .startingWatch(_, let isStreamingList) = state else {
            preconditionFailure("nobody asked for a watch")
        }
        if isStreamingList { return streamFailedToStart(error, now: now) }
        switch error.code {
        // A server that is away or overloaded has not forgotten anything, and a list would only add to its load.
        case .connection, .tooManyRequests: return wait(for: .watch, because: error, now: now)
        default: return relist(because: error, now: now)
        }
    }

    mutating func received(_ event: WatchEvent<Object>, now: AnyClock.Instant) -> Outcome {
        guard case .watching(var watching) = state else { preconditionFailure("an event came without a watch") }
        watching.eventCount += 1
        defer { if case .watching = state { state = .watching(watching) } }
        if watching.isStreamingList { return receivedInStream(event, &watching, now: now) }
        if watching.advances, let version = event.resourceVersion, isOlder(version) {
            return .abandon(versionWentBack(to: version, now: now))
        }
        switch event {
        case .added(let object):
            guard let version = version(of: object) else { return .dropped }
            if watching.advances { resourceVersion = version }
            return .applied(object)
        case .modified(let object):
            guard let version = version(of: object) else { return .dropped }
            watching.advances = true
            resourceVersion = version
            return .applied(object)
        case .deleted(let object):
            guard let version = version(of: object) else { return .dropped }
            watching.advances = true
            resourceVersion = version
            return .deleted(object)
        case .bookmark(let bookmark):
            guard !bookmark.resourceVersion.isEmpty else { return .dropped }
            watching.advances = true
            resourceVersion = bookmark.resourceVersion
            return .bookmark(resourceVersion: bookmark.resourceVersion)
        case .error(let status):
            let error = KubeError(status: status)
            guard error.code == .tooManyRequests else { return .abandon(relist(because: error, now: now)) }
            return .abandon(wait(for: .watch, because: error, now: now))
        }
    }

    /// Whether a version is older than what is known, where that can be told.
    private func isOlder(_ version: String) -> Bool {
        guard let known = ResourceVersion(resourceVersion ?? ""), let new = ResourceVersion(version) else {
            return false
        }
        return new < known
    }

    /// Events of a watch come in the order of their versions.
    ///
    /// One that is older than the one before was sent again, or comes from a server whose storage has been set back;
    /// applied, it would bring back what is over. Neither the version before it nor this one can be gone on from.
    private mutating func versionWentBack(to version: String, now: AnyClock.Instant) -> Step {
        isVersionUnavailable = true
        let known = resourceVersion ?? ""
        let message = "the watch went back from resourceVersion \(known) to \(version)"
        return relist(because: KubeError(code: .expired, message: message), now: now)
    }

    /// The version of an object that can be told apart from others; nil if it is of another kind, or has no name or
    /// version.
    func version(of object: Object) -> String? {
        let metadata = object.metadata
        guard !metadata.name.isEmpty, let version = metadata.resourceVersion, !version.isEmpty, accepts(object) else {
            return nil
        }
        return version
    }

    /// The watch has ended: normally, or with an error.
    mutating func watchEnded(_ error: KubeError?, now: AnyClock.Instant) -> Step {
        guard case .watching(let watching) = state else { preconditionFailure("the end came without a watch") }
        let isShort = isShort(watching, now: now)
        if watching.isStreamingList { return streamEnded(error, isShort: isShort, now: now) }
        if let error, !error.isOrdinaryEndOfWatch {
            // Something was lost or could not be understood: only a list tells what the collection is now.
            guard error.code == .tooManyRequests else { return relist(because: error, now: now) }
            return wait(for: .watch, because: error, now: now)
        }
        guard isShort else { return .watch(watchOptions()) }
        cause = .shortWatch
        let reason = error.map { "\($0)" } ?? "the server closed it"
        return wait(
            for: .start,
            because: KubeError(code: .connection, message: "the watch ended before anything came: \(reason)"),
            now: now
        )
    }

    func isShort(_ watching: Watching, now: AnyClock.Instant) -> Bool {
        watching.eventCount == 0 && watching.startedAt.duration(to: now) < configuration.shortestHealthyWatch
    }

    private mutating func relist(because error: KubeError, now: AnyClock.Instant) -> Step {
        cause = error.code == .expired || error.code == .resourceVersionTooLarge ? .expired : .watchFailed
        return wait(for: .start, because: error, now: now)
    }
}

extension KubeError {
    /// Whether a watch that ends with this has lost nothing of what came before.
    ///
    /// A connection that breaks is as ordinary as one that is closed.
    var isOrdinaryEndOfWatch: Bool {
        code == .connection || code == .deadlineExceeded || code == .serverTimeout || code == .unavailable
    }
}

extension WatchEvent {
    /// The version that the event is about; nil for an error.
    fileprivate var resourceVersion: String? {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object): object.metadata.resourceVersion
        case .bookmark(let bookmark): bookmark.resourceVersion
        case .error: nil
        }
    }
}
