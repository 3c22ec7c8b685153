// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Synchronization

/// A server that answers what a test has written down.
///
/// Where the script ends, it does not answer at all.
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

    func list(_ options: ListOptions) async throws(KubeError) -> ResourceList<Widget> {
        let answer = script.withLock { $0.lists.isEmpty ? nil : $0.lists.removeFirst() }
        requests.append(.list(options))
        guard let answer else { throw await Self.silence() }
        return try answer.get()
    }

    func watch(_ options: WatchOptions) async throws(KubeError) -> ScriptedWatch {
        let answer = script.withLock { $0.watches.isEmpty ? nil : $0.watches.removeFirst() }
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

/// Both ends of a watch.
struct ScriptedWatch: AsyncSequence, Sendable {
    typealias Element = WatchEvent<Widget>
    typealias Failure = KubeError

    private let stream: AsyncStream<Result<WatchEvent<Widget>, KubeError>>
    private let continuation: AsyncStream<Result<WatchEvent<Widget>, KubeError>>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func send(_ events: WatchEvent<Widget>...) { for event in events { continuation.yield(.success(event)) } }

    func close() { continuation.finish() }

    func fail(_ error: KubeError) {
        continuation.yield(.failure(error))
        continuation.finish()
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var iterator: AsyncStream<Result<WatchEvent<Widget>, KubeError>>.AsyncIterator

        mutating func next() async throws(KubeError) -> WatchEvent<Widget>? {
            try await next(isolation: #isolation)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(KubeError) -> WatchEvent<Widget>? {
            try await iterator.next(isolation: actor)?.get()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(iterator: stream.makeAsyncIterator()) }
}
