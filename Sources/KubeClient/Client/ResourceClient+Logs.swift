// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

extension ResourceClient where Object == Pod {
    /// Reads a part of a container's log.
    ///
    /// It is at most ``TransportConfiguration/maximumAnswerBytes`` large; choose a part with the options.
    public func logs(_ name: String, _ options: LogOptions = LogOptions()) async throws(KubeError) -> String {
        var request = try request(.get, name: name, subresource: "log")
        request.add(options)
        request.accept = "*/*"
        return String(decoding: try await client.sendRaw(request), as: UTF8.self)
    }

    /// Follows a container's log.
    ///
    /// Returns once the server answers. The lines end when the container does. A reader that falls behind by more than
    /// ``TransportConfiguration/maximumBufferedBytes`` gets ``KubeError/Code/watchOverflow``.
    ///
    /// ```swift
    /// for try await line in try await pods.followLogs("web-0", LogOptions(tailLines: 10)) { print(line) }
    /// ```
    public func followLogs(
        _ name: String,
        _ options: LogOptions = LogOptions()
    ) async throws(KubeError) -> LogStream {
        var request = try request(.get, name: name, subresource: "log")
        request.add("follow", "true")
        request.add(options)
        request.accept = "*/*"
        // A container may be silent for days, and some servers send nothing, not even headers, before its first line.
        request.timeout = nil
        return LogStream(lines: try await client.stream(request, .log))
    }
}

/// The lines of a log that is followed, without their ends.
///
/// It can be iterated once, by one task. Letting go of it, or cancelling the task, closes the connection's stream.
public struct LogStream: AsyncSequence, Sendable {
    public typealias Element = String
    public typealias Failure = KubeError

    let lines: LineStream

    /// Takes the lines one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var iterator: LineStream.AsyncIterator

        /// The next line; nil when the log has ended.
        /// - Throws: ``KubeError`` with ``KubeError/Code/watchOverflow`` if the reader was too slow,
        ///   ``KubeError/Code/connection`` when the connection broke.
        public mutating func next() async throws(KubeError) -> String? { try await next(isolation: #isolation) }

        /// The next line; nil when the log has ended.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(KubeError) -> String? {
            guard let line = try await iterator.next(isolation: actor) else { return nil }
            return String(decoding: line, as: UTF8.self)
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(iterator: lines.makeAsyncIterator()) }
}
