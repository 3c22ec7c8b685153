// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime

/// Decides what an agent does with the Lease by which its hub knows that it lives.
///
/// Pure: it has no clock and sends nothing. A renewal is one PATCH of the version of the Lease that this agent wrote
/// last. If somebody else has written since, the server refuses it, and only then the Lease is read: another agent that
/// goes on renewing it is a second one of the same name, and this one stops acting.
struct HeartbeatStateMachine: Sendable {
    /// What to do next.
    enum Step: Sendable, Hashable {
        /// Read the Lease.
        case read
        /// Renew it, if it still has this version.
        case renew(resourceVersion: String)
        /// Do nothing for this time; then do that.
        indirect case wait(Duration, then: Step)
    }

    /// Somebody else who holds the Lease.
    private struct Other: Sendable, Hashable {
        var holder: String
        var resourceVersion: String
        var since: AnyClock.Instant
    }

    /// The time between two looks at a Lease that somebody else holds, or that is not there.
    static let lookInterval = Duration.seconds(5)

    /// This agent's instance.
    let identity: String
    /// What the identities of earlier runs in the same pod begin with: they have ended, since this one runs.
    let predecessors: String?
    /// The time between two renewals, before jitter.
    var interval: Duration
    /// For how long a renewal holds, as this agent writes it; nil before the ClusterAgent has been read.
    var leaseDuration: Duration?

    /// Whether the Lease is this agent's.
    private(set) var isHolder = false
    /// Who else renews the Lease; nil if nobody was seen to.
    private(set) var duplicate: String?
    private var other: Other?
    private var backoff = FullJitterBackoff()

    init(identity: String, predecessors: String? = nil, interval: Duration) {
        self.identity = identity
        self.predecessors = predecessors
        self.interval = interval
    }

    /// The Lease has been read.
    mutating func read(_ lease: Lease, at now: AnyClock.Instant) -> Step {
        backoff.succeeded(at: now)
        let version = lease.metadata.resourceVersion ?? ""
        let holder = lease.holderIdentity ?? ""
        guard !isFree(holder) else { return .renew(resourceVersion: version) }
        isHolder = false
        guard let known = other, known.holder == holder else {
            other = Other(holder: holder, resourceVersion: version, since: now)
            return .wait(Self.lookInterval, then: .read)
        }
        if known.resourceVersion != version {
            duplicate = holder
            other = Other(holder: holder, resourceVersion: version, since: now)
        } else if known.since.duration(to: now) >= patience(lease) {
            return .renew(resourceVersion: version)
        }
        return .wait(Self.lookInterval, then: .read)
    }

    /// The Lease has been renewed.
    /// - Parameter random: from 0 (included) to 1 (excluded): agents must not beat in step.
    mutating func renewed(_ lease: Lease, at now: AnyClock.Instant, random: Double) -> Step {
        isHolder = true
        duplicate = nil
        other = nil
        backoff.succeeded(at: now)
        let delay = interval + interval * (0.25 * random)
        return .wait(delay, then: .renew(resourceVersion: lease.metadata.resourceVersion ?? ""))
    }

    /// The Lease could not be read or renewed.
    /// - Parameter step: what was tried.
    mutating func failed(_ step: Step, _ error: KubeError, at now: AnyClock.Instant, random: Double) -> Step {
        if case .renew = step, error.code == .conflict { return .read }
        // Missing a few beats must not look like an end: the waits stay below the interval.
        backoff.maximum = min(.seconds(60), interval / 2)
        let delay = backoff.failed(at: now, retryAfter: error.retryAfter, random: random)
        if error.code == .notFound || error.code == .forbidden || error.code == .unauthorized {
            return .wait(max(delay, Self.lookInterval), then: .read)
        }
        return .wait(delay, then: step)
    }

    /// How long somebody else's Lease has to stay as it is before it is taken: longer than any beat of a live agent.
    ///
    /// What the present holder has written counts: this agent may not know yet how often to beat, or the settings may
    /// have changed since. When its time is over, the hub takes the holder for dead too.
    private func patience(_ lease: Lease) -> Duration {
        let slack = Duration.seconds(10)
        guard let seconds = lease.leaseDurationSeconds, seconds > 0 else { return interval + interval / 4 + slack }
        let duration = Duration.seconds(seconds)
        // Two beats fit into it, before jitter, or the hub would not have taken the settings.
        let beat = duration == leaseDuration ? interval : duration / 2
        return min(duration, beat + beat / 4 + slack)
    }

    private func isFree(_ holder: String) -> Bool {
        if holder.isEmpty || holder == identity { return true }
        return predecessors.map { holder.hasPrefix($0) } ?? false
    }
}
