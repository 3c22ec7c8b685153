// SPDX-License-Identifier: Apache-2.0
public import CoreMetrics
public import KubeAPI
public import KubeClient
public import Logging
public import ServiceLifecycle
import Synchronization

/// The process no longer leads: another one may by now.
///
/// It has to exit.
public struct LeadershipLostError: Error, Sendable, CustomStringConvertible {
    /// The name of the lease.
    public var lease: String
    /// What happened.
    public var reason: String

    /// A sentence for people.
    public var description: String { "the lease \(lease) is lost: \(reason)" }
}

/// Makes sure that of several processes only one does the work, by means of a Lease.
///
/// ```swift
/// let elector = try LeaderElector(
///     leases: client.resources(Lease.self, namespace: "aetherius"),
///     name: "my-operator",
///     namespace: "aetherius",
///     configuration: LeaderElectionConfiguration(identity: podName),
///     logger: logger
/// )
/// ```
public final class LeaderElector: ServiceLifecycle.Service {
    private let leases: any LeaseStore
    private let name: String
    private let configuration: LeaderElectionConfiguration
    private let clock: AnyClock
    private let wallClock: @Sendable () -> Timestamp
    private let logger: Logger
    private let machine: Mutex<LeaderElectionStateMachine>
    private let elected = Latch()
    private let masterStatus: Gauge?
    private let slowPaths: Counter?

    /// Creates an elector that is not running yet.
    /// - Parameters:
    ///   - leases: where the lease is, such as `client.resources(Lease.self, namespace: "aetherius")`.
    ///   - name: the lease's name; all candidates use the same one.
    ///   - namespace: the lease's namespace.
    ///   - configuration: who this is, and how fast it acts.
    ///   - clock: what the lease is measured with; has to go on while the machine sleeps.
    ///   - wallClock: the time of day to write into the lease, for people to read.
    ///   - random: where jitter comes from.
    ///   - metricsFactory: where the metrics go: `leader_election_master_status`, 1 while this process leads and 0 else,
    ///     and `leader_election_slowpath_total`, how often a renewal needed more than one request. Nil for nowhere.
    ///   - logger: gets the messages, with the lease's name.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/configuration`` if the configuration is not
    ///   safe.
    public init(
        leases: some LeaseStore,
        name: String,
        namespace: String,
        configuration: LeaderElectionConfiguration,
        clock: AnyClock = .continuous,
        wallClock: @escaping @Sendable () -> Timestamp = { .now },
        random: RandomSource = .system,
        metricsFactory: (any MetricsFactory)? = nil,
        logger: Logger
    ) throws(KubeError) {
        try configuration.validate()
        masterStatus = metricsFactory.map { factory in
            Gauge(label: "leader_election_master_status", dimensions: [("name", name)], factory: factory)
        }
        masterStatus?.record(0)
        slowPaths = metricsFactory.map { factory in
            Counter(label: "leader_election_slowpath_total", dimensions: [("name", name)], factory: factory)
        }
        self.leases = leases
        self.name = name
        self.configuration = configuration
        self.clock = clock
        self.wallClock = wallClock
        var logger = logger
        logger[metadataKey: "lease"] = "\(namespace)/\(name)"
        self.logger = logger
        machine = Mutex(
            LeaderElectionStateMachine(
                name: name,
                namespace: namespace,
                configuration: configuration,
                random: random
            )
        )
    }

    /// Whether this process leads at this moment.
    ///
    /// It turns false when the deadline for renewing has passed, even if nothing has noticed that yet. A process that is
    /// frozen after it has asked may still write when it goes on. Where that does harm, read the object first, ask then,
    /// and write with the `resourceVersion` that was read: the server refuses the write if a new leader has made one.
    public var isLeader: Bool {
        guard let leadsUntil = machine.withLock({ $0.leadsUntil }) else { return false }
        return clock.now < leadsUntil
    }

    /// Whether this process believes that it leads although its lease has run out for others: a health check fails then.
    ///
    /// That is so when the process is stuck, for ``isLeader`` is false by that time.
    /// - Parameter tolerance: for how long after the lease's end the process is still called healthy.
    public func isOverdue(tolerance: Duration = .seconds(20)) -> Bool {
        guard let leadsUntil = machine.withLock({ $0.leadsUntil }) else { return false }
        let margin = configuration.leaseDuration - configuration.renewDeadline
        return clock.now > leadsUntil.advanced(by: margin + tolerance)
    }

    /// Who held the lease when it was last looked at; empty if nobody did.
    public var holder: String { machine.withLock { $0.holder } }

    /// Waits until this process leads.
    public func waitForLeadership() async throws(CancellationError) { try await elected.wait() }

    /// Takes part in the election, and keeps the lease once it is won.
    ///
    /// Returns after a graceful shutdown, when the lease has been given back. A cancelled task leaves it to run out,
    /// because whatever else is being cancelled may still be at work.
    /// - Throws: ``LeadershipLostError`` if the lease was won and then lost; `CancellationError` if the task is
    ///   cancelled.
    public func run() async throws {
        defer { masterStatus?.record(0) }
        do {
            try await cancelWhenGracefulShutdown { try await self.takePart() }
        } catch is CancellationError where Task.isShuttingDownGracefully && !Task.isCancelled {
            if configuration.releasesOnStop { await release() }
        }
    }

    private func takePart() async throws {
        var wasLeader = false
        var lastHolder = ""
        var step = machine.withLock { $0.start(now: clock.now, wallTime: wallClock()) }
        while true {
            try Task.checkCancellation()
            step = try await perform(step)
            let (isLeader, holder) = machine.withLock { ($0.leadsUntil != nil, $0.holder) }
            if isLeader, !wasLeader {
                logger.notice("this process leads", metadata: ["identity": "\(configuration.identity)"])
                masterStatus?.record(1)
                elected.open()
            }
            if !isLeader, !holder.isEmpty, holder != lastHolder {
                logger.info("another process holds the lease", metadata: ["identity": "\(holder)"])
            }
            (wasLeader, lastHolder) = (isLeader, holder)
        }
    }

    private func perform(_ step: LeaderElectionStateMachine.Step) async throws -> LeaderElectionStateMachine.Step {
        let leases = leases
        let name = name
        do {
            switch step {
            case .get(let timeout):
                let lease: Lease?
                do {
                    lease = try await withTimeout(timeout, clock: clock) { try await leases.getLease(name) }
                } catch let error as KubeError where error.code == .notFound {
                    lease = nil
                }
                return machine.withLock { $0.fetched(lease, now: clock.now, wallTime: wallClock()) }
            case .create(let lease, let timeout):
                let answer = try await withTimeout(timeout, clock: clock) { try await leases.createLease(lease) }
                return machine.withLock { $0.written(answer, now: clock.now) }
            case .update(let lease, let timeout):
                let answer = try await withTimeout(timeout, clock: clock) { try await leases.updateLease(lease) }
                return machine.withLock { $0.written(answer, now: clock.now) }
            case .wait(let delay):
                try await clock.sleep(until: clock.now.advanced(by: delay))
                return machine.withLock { $0.waited(now: clock.now, wallTime: wallClock()) }
            case .lost(let reason):
                logger.error("this process no longer leads", metadata: ["reason": "\(reason)"])
                throw LeadershipLostError(lease: name, reason: reason)
            }
        } catch let error as KubeError {
            try Task.checkCancellation()
            logger.warning("a request for the lease failed", metadata: ["error": "\(error)"])
            let next = machine.withLock { $0.failed(error, now: clock.now) }
            // Only a leader whose update has failed reads without waiting.
            if case .get = next { slowPaths?.increment() }
            return next
        }
    }

    /// Gives the lease back, if it is still this process's.
    private func release() async {
        let leases = leases
        let name = name
        let timeout = configuration.requestTimeout
        do {
            // Read again: a write may have been on its way, and somebody else may hold the lease by now.
            let lease = try await withTimeout(timeout, clock: clock) { try await leases.getLease(name) }
            guard let released = machine.withLock({ $0.released(lease, wallTime: wallClock()) }) else { return }
            _ = try await withTimeout(timeout, clock: clock) { try await leases.updateLease(released) }
            logger.notice("the lease is given back")
        } catch {
            logger.warning("the lease could not be given back and runs out", metadata: ["error": "\(error)"])
        }
    }
}
