// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Synchronization

/// A server that answers what a test has written down.
///
/// Where the script ends, it does not answer at all. It refuses lists as streams, without a trace in ``requests``,
/// until a test has written down an answer to one.
final class ScriptedSource: ListerWatcher {
    typealias Object = Widget
    typealias Events = ScriptedWatch

    enum Request: Sendable, Hashable {
        case list(ListOptions)
        case watch(WatchOptions)
    }

    private struct Script {
        var lists: [Result<ResourceList<Widget>, KubeError>] = []
        var watches: [Result<ScriptedWatch, KubeError>] = []
        var streams: [Result<ScriptedWatch, KubeError>] = []
        var offersStreams = false

        /// The answer to a watch; nil if there is none.
        mutating func takeWatch(_ options: WatchOptions) -> Result<ScriptedWatch, KubeError>? {
            if options.sendsInitialEvents { return streams.isEmpty ? nil : streams.removeFirst() }
            return watches.isEmpty ? nil : watches.removeFirst()
        }
    }

    private let script = Mutex(Script())
    /// Every request that was made.
    let requests = Journal<Request>()

    var listCount: Int { requests.entries.count { if case .list = $0 { true } else { false } } }
    var watchCount: Int { requests.entries.count - listCount }

    func answerList(_ answers: Result<ResourceList<Widget>, KubeError>...) {
        script.withLock { $0.lists += answers }
    }

    func answerList(_ items: [Widget], version: String) {
        answerList(.success(ResourceList(items, version: version)))
    }

    func answerWatch(_ answers: Result<ScriptedWatch, KubeError>...) { script.withLock { $0.watches += answers } }

    /// Lets the next watch succeed and returns its other end.
    func answerWatch() -> ScriptedWatch {
        let watch = ScriptedWatch()
        answerWatch(.success(watch))
        return watch
    }

    func answerStream(_ answers: Result<ScriptedWatch, KubeError>...) {
        script.withLock { script in
            script.offersStreams = true
            script.streams += answers
        }
    }

    /// Lets the next list as a stream succeed and returns its other end.
    func answerStream() -> ScriptedWatch {
        let watch = ScriptedWatch()
        answerStream(.success(watch))
        return watch
    }

    func list(_ options: ListOptions) async throws(KubeError) -> ResourceList<Widget> {
        let answer = script.withLock { $0.lists.isEmpty ? nil : $0.lists.removeFirst() }
        requests.append(.list(options))
        guard let answer else { throw await Self.silence() }
        return try answer.get()
    }

    func watch(_ options: WatchOptions) async throws(KubeError) -> ScriptedWatch {
        let (isOffered, answer) = script.withLock { script in
            (script.offersStreams || !options.sendsInitialEvents, script.takeWatch(options))
        }
        guard isOffered else { throw .of(.invalid) }
        requests.append(.watch(options))
        guard let answer else { throw await Self.silence() }
        return try answer.get()
    }

    private static func silence() async -> KubeError {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in stream {}
        continuation.finish()
        return .of(.cancelled)
    }
}
