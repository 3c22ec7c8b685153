// SPDX-License-Identifier: Apache-2.0

/// How long to wait before something is tried again: longer each time, and spread so that clients do not act in step.
public struct Backoff: Sendable, Hashable {
    /// The first delay, before jitter.
    public var initial: Duration
    /// By how much the delay grows each time; at least 1.
    public var factor: Double
    /// The longest delay, before jitter.
    public var limit: Duration
    /// Jitter, as the share of the delay that may come on top: with 1, a delay d becomes d to 2 d.
    public var jitter: Double
    /// After this time without a failure the first delay counts again.
    public var resetAfter: Duration

    private var next: Duration?
    private var lastUse: AnyClock.Instant?

    /// Creates a backoff; the default is what Kubernetes' own clients use for lists and watches.
    public init(
        initial: Duration = .milliseconds(800),
        factor: Double = 2,
        limit: Duration = .seconds(30),
        jitter: Double = 1,
        resetAfter: Duration = .seconds(120)
    ) {
        self.initial = initial
        self.factor = factor
        self.limit = limit
        self.jitter = jitter
        self.resetAfter = resetAfter
    }

    /// The delay for one more failure.
    mutating func delay(now: AnyClock.Instant, random: Double) -> Duration {
        if let lastUse, lastUse.duration(to: now) > resetAfter { next = nil }
        lastUse = now
        let delay = min(next ?? initial, limit)
        next = min(delay * factor, limit)
        return delay + delay * (jitter * random)
    }
}
