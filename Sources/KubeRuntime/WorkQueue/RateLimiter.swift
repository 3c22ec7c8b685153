// SPDX-License-Identifier: Apache-2.0

/// Says how long a key that has failed waits before it is tried again.
///
/// ``ExponentialRateLimiter`` slows down each key by itself, ``TokenBucketRateLimiter`` all keys together;
/// ``MaximumRateLimiter`` combines them and ``CappedRateLimiter`` bounds the result. A ``WorkQueue`` calls a limiter
/// under its lock: it must neither block nor call the queue.
public protocol RateLimiter<Key>: Sendable {
    /// What is limited.
    associatedtype Key: Hashable & Sendable

    /// Counts a failure of the key and returns how long to wait, zero or more, before it is tried again.
    mutating func delay(for key: Key, now: AnyClock.Instant) -> Duration

    /// How often the key has failed since it was forgotten last.
    func failures(of key: Key) -> Int

    /// Forgets the failures of the key, because it has succeeded.
    mutating func forget(_ key: Key)
}
