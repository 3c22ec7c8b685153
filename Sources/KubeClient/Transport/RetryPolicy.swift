// SPDX-License-Identifier: Apache-2.0

/// What a client tries again by itself, and how often.
///
/// Tried again is only what cannot have an effect twice:
///
/// - Any request that the server has put off with 429 or 503 and a `Retry-After`: it says that it did nothing.
/// - A read that was answered with another 5xx and a `Retry-After`.
/// - A read whose connection broke after it was made: reset, closed without an answer, or given up by HTTP/2.
///
/// A connection that cannot be made is not tried again: whoever asks learns at once that nobody is there. All tries
/// together stay within the request's own time limit. Opening a watch is never tried again: see
/// ``ResourceClient/watch(_:)``.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a request is sent again because the server asked to wait.
    public var maximumRetries: Int
    /// The longest wait that a server is granted; if it asks for more, the request fails at once.
    public var maximumWait: Duration
    /// How often a read is sent again because its connection broke.
    public var maximumConnectionRetries: Int
    /// The shortest wait, before jitter; it doubles with each try.
    public var initialDelay: Duration

    /// Creates a policy.
    public init(
        maximumRetries: Int = 10,
        maximumWait: Duration = .seconds(60),
        maximumConnectionRetries: Int = 3,
        initialDelay: Duration = .milliseconds(100)
    ) {
        self.maximumRetries = maximumRetries
        self.maximumWait = maximumWait
        self.maximumConnectionRetries = maximumConnectionRetries
        self.initialDelay = initialDelay
    }

    /// Nothing is tried again.
    public static var none: RetryPolicy { RetryPolicy(maximumRetries: 0, maximumConnectionRetries: 0) }
}
