// SPDX-License-Identifier: Apache-2.0
import KubeClient

/// Both ends of a watch.
struct ScriptedWatch: AsyncSequence, Sendable {
    typealias Element = WatchEvent<Widget>
    typealias Failure = KubeError

    private let stream: AsyncStream<Result<WatchEvent<Widget>, KubeError>>
    private let continuation: AsyncStream<Result<WatchEvent<Widget>, KubeError>>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func send(_ events: WatchEvent<Widget>...) { for event in events { continuation.yield(.success(event)) } }

    /// Says that the initial objects are complete.
    func sendEndOfList(version: String) {
        send(.bookmark(.init(resourceVersion: version, endsInitialEvents: true)))
    }

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
