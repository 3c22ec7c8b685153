// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// How a lease is taken, kept and given back.
///
/// It does nothing itself. Each input returns what to do next; the outcome of that is the next input. Whether another
/// holder still lives is judged by the local clock alone: from the moment at which its lease was last seen to change.
/// The times that stand in the lease are written by other machines' clocks, and only meant for people.
struct LeaderElectionStateMachine: Sendable {
    /// By how much of itself the retry period of a candidate may grow.
    static let jitter = 1.2
    /// The part of a retry period over which several candidates spread when a lease runs out.
    static let expirySpread = 0.25

    /// What to do next.
    enum Step: Sendable, Equatable {
        /// Read the lease, then call `fetched` or `failed`.
        case get(timeout: Duration)
        /// Write the lease, then call `written` or `failed`.
        case create(Lease, timeout: Duration)
        case update(Lease, timeout: Duration)
        /// Wait, then call `waited`.
        case wait(Duration)
        /// Stop everything that only a leader may do.
        case lost(reason: String)
    }

    private enum Role: Equatable {
        case candidate
        case leader(renewedAt: AnyClock.Instant)
    }

    private let name: String
    private let namespace: String?
    private let configuration: LeaderElectionConfiguration
    private let random: RandomSource
    private var role = Role.candidate
    /// The lease as last seen, and when it was seen to change.
    private var observed: (lease: Lease, at: AnyClock.Instant)?
    private var isFastPath = false
    private var sentAt: AnyClock.Instant?
    private var lastFailure: KubeError?

    init(name: String, namespace: String?, configuration: LeaderElectionConfiguration, random: RandomSource) {
        self.name = name
        self.namespace = namespace
        self.configuration = configuration
        self.random = random
    }

    /// Until when this process may believe that it leads; nil if it does not.
    var leadsUntil: AnyClock.Instant? {
        guard case .leader(let renewedAt) = role else { return nil }
        return renewedAt.advanced(by: configuration.renewDeadline)
    }

    /// Who held the lease when it was last seen; empty if nobody did.
    var holder: String { observed?.lease.holderIdentity ?? "" }

    mutating func start(now: AnyClock.Instant, wallTime: Timestamp) -> Step {
        if let lost = lostIfLate(now) { return lost }
        if role != .candidate, let observed {
            // The usual renewal needs no reading: the server refuses it if somebody else has written.
            isFastPath = true
            return write(observed.lease, now: now, wallTime: wallTime)
        }
        return .get(timeout: timeout(now))
    }

    /// The lease was read; nil if there is none.
    mutating func fetched(_ lease: Lease?, now: AnyClock.Instant, wallTime: Timestamp) -> Step {
        if let lost = lostIfLate(now) { return lost }
        guard let lease else {
            sentAt = now
            let lease = Lease(metadata: ObjectMeta(name: name, namespace: namespace))
            return .create(taken(lease, wallTime), timeout: timeout(now))
        }
        observe(lease, now: now)
        let holder = lease.holderIdentity ?? ""
        if !holder.isEmpty, holder != configuration.identity {
            if role != .candidate { return lose("\(holder) has taken the lease") }
            if isHeld(now) { return wait(now) }
        }
        return write(lease, now: now, wallTime: wallTime)
    }

    /// The lease was written; the server answered with this.
    mutating func written(_ lease: Lease, now: AnyClock.Instant) -> Step {
        observed = (lease, now)
        isFastPath = false
        lastFailure = nil
        // Counted from the request, not from the answer: others may have seen it as early as that.
        role = .leader(renewedAt: sentAt ?? now)
        if let lost = lostIfLate(now) { return lost }
        return wait(now)
    }

    mutating func failed(_ error: KubeError, now: AnyClock.Instant) -> Step {
        lastFailure = error
        if let lost = lostIfLate(now) { return lost }
        if isFastPath {
            isFastPath = false
            return .get(timeout: timeout(now))
        }
        return wait(now)
    }

    mutating func waited(now: AnyClock.Instant, wallTime: Timestamp) -> Step { start(now: now, wallTime: wallTime) }

    /// What to write to give the lease back, having just read it; nil if it is not this process's.
    func released(_ lease: Lease, wallTime: Timestamp) -> Lease? {
        guard lease.holderIdentity == configuration.identity else { return nil }
        var lease = lease
        lease.holderIdentity = ""
        // Some readers reject a duration of zero.
        lease.leaseDurationSeconds = 1
        lease.renewTime = wallTime
        return lease
    }

    // MARK: Parts

    private mutating func write(_ lease: Lease, now: AnyClock.Instant, wallTime: Timestamp) -> Step {
        sentAt = now
        return .update(taken(lease, wallTime), timeout: timeout(now))
    }

    private func taken(_ lease: Lease, _ wallTime: Timestamp) -> Lease {
        var mine = lease
        if lease.holderIdentity != configuration.identity {
            mine.holderIdentity = configuration.identity
            mine.acquireTime = wallTime
            // A lease that is created has changed no hands.
            mine.leaseTransitions = lease.metadata.resourceVersion == nil ? 0 : (lease.leaseTransitions ?? 0) + 1
        }
        mine.leaseDurationSeconds = Int(configuration.leaseDuration.components.seconds)
        mine.renewTime = wallTime
        return mine
    }

    private mutating func observe(_ lease: Lease, now: AnyClock.Instant) {
        // Labels and the like may change without anybody having renewed.
        let isSame =
            observed.map { old in
                old.lease.holderIdentity == lease.holderIdentity && old.lease.renewTime == lease.renewTime
                    && old.lease.acquireTime == lease.acquireTime
                    && old.lease.leaseTransitions == lease.leaseTransitions
                    && old.lease.leaseDurationSeconds == lease.leaseDurationSeconds
            } ?? false
        observed = (lease, isSame ? observed?.at ?? now : now)
    }

    private func isHeld(_ now: AnyClock.Instant) -> Bool { heldUntil.map { $0 > now } ?? false }

    /// When the lease that was seen last runs out unless it is renewed; nil before one was seen.
    private var heldUntil: AnyClock.Instant? {
        guard let observed else { return nil }
        let seconds = observed.lease.leaseDurationSeconds ?? Int(configuration.leaseDuration.components.seconds)
        return observed.at.advanced(by: .seconds(seconds))
    }

    private func timeout(_ now: AnyClock.Instant) -> Duration {
        guard let leadsUntil else { return configuration.requestTimeout }
        return min(configuration.requestTimeout, now.duration(to: leadsUntil))
    }

    private func wait(_ now: AnyClock.Instant) -> Step {
        guard let leadsUntil else {
            let usual = configuration.retryPeriod + configuration.retryPeriod * (Self.jitter * random.next())
            // A lease that is about to run out is looked at when it does: a whole period more would only be lost.
            guard let heldUntil, heldUntil > now else { return .wait(usual) }
            let spread = configuration.retryPeriod * (Self.expirySpread * random.next())
            return .wait(min(usual, now.duration(to: heldUntil) + spread))
        }
        return .wait(min(configuration.retryPeriod, now.duration(to: leadsUntil)))
    }

    private mutating func lostIfLate(_ now: AnyClock.Instant) -> Step? {
        guard let leadsUntil, now >= leadsUntil else { return nil }
        let because = lastFailure.map { ": \($0)" } ?? ""
        return lose("it could not be renewed within \(configuration.renewDeadline)\(because)")
    }

    private mutating func lose(_ reason: String) -> Step {
        role = .candidate
        return .lost(reason: reason)
    }
}
