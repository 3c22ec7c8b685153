// SPDX-License-Identifier: Apache-2.0

/// Doubles the delay of a key with each of its failures, and starts again once it has succeeded.
public struct ExponentialRateLimiter<Key: Hashable & Sendable>: Sendable {
    @usableFromInline let base: Duration
    @usableFromInline let limit: Duration
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
    }

    /// Counts a failure of the key and returns how long to wait before it is tried again.
    @inlinable
    public mutating func delay(for key: Key) -> Duration {
        let previous = failures[key, default: 0]
        failures[key] = previous + 1
        // Stops doubling where the limit is reached, so no number of failures can overflow.
        var delay = base
        for _ in 0..<previous {
            delay *= 2
            if delay >= limit { return limit }
        }
        return min(delay, limit)
    }

    /// How often the key has failed since it was forgotten last.
    @inlinable
    public func failures(of key: Key) -> Int { failures[key, default: 0] }

    /// Forgets the failures of the key.
    @inlinable
    public mutating func forget(_ key: Key) { failures[key] = nil }
}
