// SPDX-License-Identifier: Apache-2.0

/// Doubles the delay of a key with each of its failures, and starts again once it has succeeded.
///
/// It remembers every key that has failed and not been forgotten since.
public struct ExponentialRateLimiter<Key: Hashable & Sendable>: RateLimiter {
    @usableFromInline let base: Duration
    @usableFromInline let limit: Duration
    /// After so many failures the delay is the longest one.
    @usableFromInline let limitingFailures: Int
    @usableFromInline var failures: [Key: Int]

    /// Creates a limiter.
    /// - Parameters:
    ///   - base: the delay after the first failure; more than zero.
    ///   - limit: the longest delay.
    @inlinable
    public init(base: Duration = .milliseconds(5), limit: Duration = .seconds(1000)) {
        precondition(base > .zero && limit >= base, "the delays are positive, and the longest is not the shorter one")
        self.base = base
        self.limit = limit
        failures = [:]
        // Found by halving the longest delay: doubling could go beyond what a Duration holds.
        var limitingFailures = 0
        var rest = limit
        while rest > base {
            rest /= 2
            limitingFailures += 1
        }
        self.limitingFailures = limitingFailures
    }

    /// Counts a failure of the key and returns how long to wait before it is tried again.
    @inlinable
    public mutating func delay(for key: Key, now: AnyClock.Instant) -> Duration {
        let previous = failures[key, default: 0]
        failures[key] = previous + 1
        guard previous < limitingFailures else { return limit }
        var delay = base
        for _ in 0..<previous { delay *= 2 }
        return min(delay, limit)
    }

    /// How often the key has failed since it was forgotten last.
    @inlinable
    public func failures(of key: Key) -> Int { failures[key, default: 0] }

    /// Forgets the failures of the key.
    @inlinable
    public mutating func forget(_ key: Key) { failures[key] = nil }
}
