// SPDX-License-Identifier: Apache-2.0

/// Asks several limiters and takes the longest of their delays.
///
/// ```swift
/// MaximumRateLimiter<ObjectKey>([ExponentialRateLimiter(), TokenBucketRateLimiter()])
/// ```
public struct MaximumRateLimiter<Key: Hashable & Sendable>: RateLimiter {
    @usableFromInline var limiters: [any RateLimiter<Key>]

    /// Creates a limiter; without others it never makes a key wait.
    @inlinable
    public init(_ limiters: [any RateLimiter<Key>]) { self.limiters = limiters }

    /// Counts a failure with every limiter and returns the longest delay.
    @inlinable
    public mutating func delay(for key: Key, now: AnyClock.Instant) -> Duration {
        var longest = Duration.zero
        for index in limiters.indices { longest = max(longest, limiters[index].delay(for: key, now: now)) }
        return longest
    }

    /// The highest count that a limiter has of the key.
    @inlinable
    public func failures(of key: Key) -> Int { limiters.map { $0.failures(of: key) }.max() ?? 0 }

    /// Lets every limiter forget the key.
    @inlinable
    public mutating func forget(_ key: Key) { for index in limiters.indices { limiters[index].forget(key) } }
}
