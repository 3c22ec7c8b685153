// SPDX-License-Identifier: Apache-2.0

/// Lets through so many failures per second, whatever the key; the next ones wait for their turn.
///
/// Each call reserves a token. The first ``burst`` tokens are there at once, and each further one after another
/// ``interval``, so that calls in a row are spread evenly. It keeps nothing for a key.
public struct TokenBucketRateLimiter<Key: Hashable & Sendable>: RateLimiter {
    /// How long a token takes to come back.
    public let interval: Duration
    /// How many tokens a full bucket has.
    public let burst: Int
    /// When the bucket is full again, counted back by the time that filling it takes: the generic cell rate algorithm
    /// (ITU-T I.371), which needs one moment rather than a number of tokens that is topped up.
    @usableFromInline var reservedUntil: AnyClock.Instant?

    /// Creates a limiter whose bucket is full.
    /// - Parameters:
    ///   - rate: how many tokens come back per second; more than zero.
    ///   - burst: how many tokens a full bucket has; at least 1.
    @inlinable
    public init(rate: Double = 10, burst: Int = 100) {
        precondition(rate > 0 && burst >= 1, "a bucket has at least one token, and they come back")
        interval = .seconds(1) / rate
        self.burst = burst
    }

    /// Takes a token and returns how long it takes to be there.
    @inlinable
    public mutating func delay(for key: Key, now: AnyClock.Instant) -> Duration {
        let earliest = now.advanced(by: .zero - interval * burst)
        let until = max(reservedUntil ?? earliest, earliest).advanced(by: interval)
        reservedUntil = until
        return max(now.duration(to: until), .zero)
    }

    /// Always 0: a bucket does not tell keys apart.
    @inlinable
    public func failures(of key: Key) -> Int { 0 }

    /// Does nothing: a token that was taken is not given back.
    @inlinable
    public mutating func forget(_ key: Key) {}
}
