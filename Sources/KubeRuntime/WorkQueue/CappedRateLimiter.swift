// SPDX-License-Identifier: Apache-2.0

/// Bounds the delays of another limiter.
///
/// A ``TokenBucketRateLimiter`` needs this where no key may wait too long, however many failed before it.
public struct CappedRateLimiter<Key: Hashable & Sendable>: RateLimiter {
    @usableFromInline var limiter: any RateLimiter<Key>
    /// The longest delay.
    public let maximumDelay: Duration

    /// Creates a limiter.
    @inlinable
    public init(_ limiter: any RateLimiter<Key>, maximumDelay: Duration) {
        self.limiter = limiter
        self.maximumDelay = maximumDelay
    }

    /// Counts a failure with the other limiter and returns its delay, or the longest one.
    @inlinable
    public mutating func delay(for key: Key, now: AnyClock.Instant) -> Duration {
        min(limiter.delay(for: key, now: now), maximumDelay)
    }

    /// How often the key has failed since it was forgotten last.
    @inlinable
    public func failures(of key: Key) -> Int { limiter.failures(of: key) }

    /// Forgets the failures of the key.
    @inlinable
    public mutating func forget(_ key: Key) { limiter.forget(key) }
}
