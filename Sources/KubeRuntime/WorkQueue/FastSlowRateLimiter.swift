// SPDX-License-Identifier: Apache-2.0

/// Tries a key again soon for its first failures in a row, and rarely after that.
///
/// It remembers every key that has failed and not been forgotten since.
public struct FastSlowRateLimiter<Key: Hashable & Sendable>: RateLimiter {
    /// The delay after each of the first failures.
    public let fast: Duration
    /// The delay after all further ones.
    public let slow: Duration
    /// How many failures count as the first ones.
    public let fastAttempts: Int
    @usableFromInline var failures: [Key: Int] = [:]

    /// Creates a limiter.
    @inlinable
    public init(fast: Duration, slow: Duration, fastAttempts: Int) {
        precondition(fast >= .zero && slow >= fast, "the delays are not negative, and the slow one not the shorter one")
        self.fast = fast
        self.slow = slow
        self.fastAttempts = fastAttempts
    }

    /// Counts a failure of the key and returns how long to wait before it is tried again.
    @inlinable
    public mutating func delay(for key: Key, now: AnyClock.Instant) -> Duration {
        failures[key, default: 0] += 1
        return failures(of: key) <= fastAttempts ? fast : slow
    }

    /// How often the key has failed since it was forgotten last.
    @inlinable
    public func failures(of key: Key) -> Int { failures[key, default: 0] }

    /// Forgets the failures of the key.
    @inlinable
    public mutating func forget(_ key: Key) { failures[key] = nil }
}
