// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Why a request to an API server, or preparing one, failed.
///
/// There is one error type for the whole library: look at ``code`` to decide, show ``message`` to people, and find
/// the server's own words in ``status``. Neither holds a credential.
public struct KubeError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case alreadyExists
            case badRequest
            case cancelled
            case configuration
            case conflict
            case connection
            case deadlineExceeded
            case decoding
            case expired
            case forbidden
            case internalError
            case invalid
            case methodNotAllowed
            case notFound
            case resourceVersionTooLarge
            case serverTimeout
            case tooLarge
            case tooManyRequests
            case unauthorized
            case unavailable
            case unexpectedResponse
            case unsupportedMediaType
            case watchOverflow
        }

        private let kind: Kind

        /// An object of that name is there already (409 `AlreadyExists`).
        public static var alreadyExists: Self { Self(kind: .alreadyExists) }
        /// The server does not understand the request (400).
        public static var badRequest: Self { Self(kind: .badRequest) }
        /// The calling task was cancelled, or the client shut down.
        public static var cancelled: Self { Self(kind: .cancelled) }
        /// The client's configuration is missing, unreadable or contradictory.
        public static var configuration: Self { Self(kind: .configuration) }
        /// The object has changed since it was read, or another manager owns the field (409 `Conflict`).
        public static var conflict: Self { Self(kind: .conflict) }
        /// The server could not be reached, or the connection broke.
        public static var connection: Self { Self(kind: .connection) }
        /// The request's own time limit ran out.
        public static var deadlineExceeded: Self { Self(kind: .deadlineExceeded) }
        /// The answer is not what it should be.
        public static var decoding: Self { Self(kind: .decoding) }
        /// The resourceVersion or continue token is too old (410 `Expired` or `Gone`): list again.
        public static var expired: Self { Self(kind: .expired) }
        /// The caller lacks a right (403).
        public static var forbidden: Self { Self(kind: .forbidden) }
        /// The server failed (500).
        public static var internalError: Self { Self(kind: .internalError) }
        /// The object does not satisfy its schema or a rule (422).
        public static var invalid: Self { Self(kind: .invalid) }
        /// The server does not do that to this resource (405).
        public static var methodNotAllowed: Self { Self(kind: .methodNotAllowed) }
        /// There is no such object, or no such kind (404).
        public static var notFound: Self { Self(kind: .notFound) }
        /// The server has not caught up with the resourceVersion asked for.
        public static var resourceVersionTooLarge: Self { Self(kind: .resourceVersionTooLarge) }
        /// The server gave up on the request in time (504, or `ServerTimeout`).
        public static var serverTimeout: Self { Self(kind: .serverTimeout) }
        /// The object or the answer is larger than allowed.
        public static var tooLarge: Self { Self(kind: .tooLarge) }
        /// The server asks to slow down (429).
        public static var tooManyRequests: Self { Self(kind: .tooManyRequests) }
        /// The server does not accept the credentials (401).
        public static var unauthorized: Self { Self(kind: .unauthorized) }
        /// The server, or what stands before it, is not ready (502, 503).
        public static var unavailable: Self { Self(kind: .unavailable) }
        /// The answer has a status that no other code describes.
        public static var unexpectedResponse: Self { Self(kind: .unexpectedResponse) }
        /// The server does not take this kind of body, such as a strategic merge patch of a custom resource (415).
        public static var unsupportedMediaType: Self { Self(kind: .unsupportedMediaType) }
        /// More watch events or log lines arrived than the reader took in time: list, or read, again.
        public static var watchOverflow: Self { Self(kind: .watchOverflow) }

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// What stands in the way of a connection.
    public enum ConnectionFailure: String, Sendable, Hashable {
        /// The server's name is not known to the resolver (DNS).
        case nameNotResolved
        /// Nobody listens, or no way leads there.
        case notConnected
        /// Nobody answered in time.
        case timedOut
        /// The two sides do not trust or understand each other (TLS).
        case tls
        /// The proxy is not there, or does not let the connection through.
        case proxy
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened, for people.
    public var message: String
    /// What the server said, if it answered with a `Status`.
    public var status: Status?
    /// How long the server asks to wait before the next try.
    public var retryAfter: Duration?
    /// The error beneath this one.
    public var cause: (any Error)?
    /// Whether the server may or may not have done what it was asked to.
    ///
    /// True for a write that was sent and got no answer: the connection broke, the time ran out, or the task was
    /// cancelled. Read the object before doing it again. Always false for reads.
    public var isOutcomeUnknown = false
    /// What stands in the way of a connection, if the code is ``Code/connection`` and that is known.
    public var connectionFailure: ConnectionFailure?
    /// Whether a connection that was there broke, so that a read may be tried again.
    var isConnectionLost = false

    /// Creates an error.
    public init(
        code: Code,
        message: String,
        status: Status? = nil,
        retryAfter: Duration? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
        self.cause = cause
    }

    /// The message and the code.
    public var description: String { "\(message) (\(code))" }
}

extension KubeError {
    /// Makes the error that a server's `Status` stands for, as an answer or as an event of a watch.
    public init(status: Status) {
        self.init(
            code: Code(status: status),
            message: status.message.isEmpty ? "the server answered \(status.code) \(status.reason)" : status.message,
            status: status,
            retryAfter: status.retryAfterSeconds.map { .seconds($0) }
        )
    }
}

extension KubeError.Code {
    /// The code for a `Status`; the reason decides where it says more than the number.
    init(status: Status) {
        // Servers before 1.19 sent the timeout without the cause, only with these words.
        let tooLarge =
            status.causes.contains { $0.reason == "ResourceVersionTooLarge" }
            || status.reason == "Timeout" && status.message.contains("Too large resource version")
        if tooLarge {
            self = .resourceVersionTooLarge
            return
        }
        switch status.reason {
        case "AlreadyExists": self = .alreadyExists
        case "Conflict": self = .conflict
        case "Expired", "Gone": self = .expired
        case "ServerTimeout", "Timeout": self = .serverTimeout
        default: self = Self(httpStatus: status.code)
        }
    }

    private init(httpStatus: Int) {
        switch httpStatus {
        case 400: self = .badRequest
        case 401: self = .unauthorized
        case 403: self = .forbidden
        case 404: self = .notFound
        case 405: self = .methodNotAllowed
        case 409: self = .conflict
        case 410: self = .expired
        case 413: self = .tooLarge
        case 415: self = .unsupportedMediaType
        case 422: self = .invalid
        case 429: self = .tooManyRequests
        case 500: self = .internalError
        case 502, 503: self = .unavailable
        case 504: self = .serverTimeout
        default: self = .unexpectedResponse
        }
    }
}
