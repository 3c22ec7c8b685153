// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI

/// The events of one watch, in the server's order.
///
/// It can be iterated once, by one task. Letting go of it, or cancelling the task, closes the watch.
public struct WatchStream<Object: KubernetesObject>: AsyncSequence, Sendable {
    public typealias Element = WatchEvent<Object>
    public typealias Failure = KubeError

    let lines: LineStream
    /// Whether what the server sends must not get into errors.
    let isSensitive: Bool

    /// Takes the events one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var iterator: LineStream.AsyncIterator
        let isSensitive: Bool

        /// The next event; nil when the server has closed the stream in good order.
        /// - Throws: ``KubeError`` with ``KubeError/Code/watchOverflow`` if the reader was too slow,
        ///   ``KubeError/Code/decoding`` for a line that is not an event, ``KubeError/Code/connection`` when the
        ///   connection broke.
        public mutating func next() async throws(KubeError) -> WatchEvent<Object>? {
            try await next(isolation: #isolation)
        }

        /// The next event; nil when the server has closed the stream in good order.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(KubeError) -> WatchEvent<Object>? {
            guard let line = try await iterator.next(isolation: actor) else { return nil }
            do {
                return try JSON.decode(WatchEvent<Object>.self, from: line)
            } catch {
                throw KubeError(
                    code: .decoding,
                    message: "a line of the watch cannot be understood: "
                        + (isSensitive ? error.withoutValue : "\(error)"),
                    cause: isSensitive ? nil : error
                )
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(iterator: lines.makeAsyncIterator(), isSensitive: isSensitive)
    }
}
