// SPDX-License-Identifier: Apache-2.0

/// Who is told of the requests that a ``KubernetesClient`` makes, to count them.
///
/// The calls come from the tasks that make the requests, many at a time, and must not block. `RESTClientMetrics` of
/// KubeRuntime is ready to use.
public protocol RequestMetrics: Sendable {
    /// A request has been answered, or has failed; each try of a call counts, and so does the opening of a stream.
    /// - Parameters:
    ///   - method: the HTTP method, such as `GET`.
    ///   - host: the server's host and port, as the configuration has them.
    ///   - status: the HTTP status; nil if there was no answer.
    func requestEnded(_ method: String, host: String, status: Int?)

    /// A call has ended, with all its tries and the waits between them; streams are no calls.
    /// - Parameters:
    ///   - method: the HTTP method, such as `GET`.
    ///   - host: the server's host and port, as the configuration has them.
    ///   - duration: the time since the call began, without that in the line of the client's own limit of requests
    ///     before the first try.
    func callEnded(_ method: String, host: String, after duration: Duration)
}

extension ClientConfiguration {
    /// The host and port of the server, as they stand in its URL.
    var host: String {
        let parts = server.split(separator: "://", maxSplits: 1)
        return String((parts.last ?? "").prefix { $0 != "/" })
    }
}
