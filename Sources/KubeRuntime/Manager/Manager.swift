// SPDX-License-Identifier: Apache-2.0
public import Logging
public import ServiceLifecycle

/// A service that others depend on only once it is in step with what it follows, such as an ``Informer``.
public protocol SyncingService: Service {
    /// Whether the service is in step.
    var hasSynced: Bool { get }

    /// Waits until the service is in step.
    func waitForSync() async throws(CancellationError)
}

extension Informer: SyncingService {}

/// Runs everything that an operator consists of, in the right order.
///
/// It starts services and informers, waits until these have synced, takes part in the leader election, and lets the
/// controllers begin once this process leads. On a signal it stops in the opposite order: controllers finish what they
/// are at, then informers stop, then services, and the lease is given back last. If the lease is lost, everything is
/// cancelled and ``run()`` throws: the process has to exit.
///
/// ```swift
/// let manager = Manager(
///     leaderElector: elector,
///     services: [events],
///     informers: [webs, deployments],
///     controllers: [webController],
///     logger: logger
/// )
/// try await manager.run()
/// ```
public final class Manager: Service {
    private let group: ServiceGroup
    private let synced: Latch
    private let health: ManagerHealth

    /// Creates a manager; nothing runs yet.
    /// - Parameters:
    ///   - leaderElector: decides which process's controllers work; nil if there is only one process.
    ///   - services: what always runs, such as an ``EventRecorder``.
    ///   - reporting: makes the services that tell others how the process is, such as an HTTP server for probes. They
    ///     are stopped after all but the leader elector.
    ///   - informers: what the controllers read.
    ///   - controllers: what only the leader runs.
    ///   - configuration: how it starts and stops.
    ///   - logger: gets a message when a part starts, stops or fails.
    public init(
        leaderElector: LeaderElector? = nil,
        services: [any Service] = [],
        reporting: (ManagerHealth) -> [any Service] = { _ in [] },
        informers: [any SyncingService],
        controllers: [any Service],
        configuration: ManagerConfiguration = ManagerConfiguration(),
        logger: Logger
    ) {
        let synced = Latch()
        let health = ManagerHealth(informers: informers, leaderElector: leaderElector)
        // The group starts all of them at once, and stops the last one first.
        var all: [any Service] = []
        if let leaderElector {
            // A process that cannot read should not win.
            all.append(GatedService(service: leaderElector) { try await synced.wait() })
        }
        all += reporting(health)
        all += services
        all += informers as [any Service]
        all.append(
            OneTimeService {
                for informer in informers { try await informer.waitForSync() }
                configuration.afterInitialSync()
                logger.info("all informers have synced", metadata: ["informers": "\(informers.count)"])
                synced.open()
            }
        )
        let gated = controllers.map { controller in
            GatedService(service: controller) {
                try await synced.wait()
                try await leaderElector?.waitForLeadership()
            }
        }
        let drainPeriod = configuration.drainPeriod
        all.append(
            DrainingServices(services: gated, drainPeriod: drainPeriod, logger: logger) { health.beginStopping() }
        )
        var groupConfiguration = ServiceGroupConfiguration(
            services: all.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
            gracefulShutdownSignals: configuration.shutdownSignals,
            logger: logger
        )
        groupConfiguration.maximumGracefulShutdownDuration = configuration.gracePeriod
        group = ServiceGroup(configuration: groupConfiguration)
        self.synced = synced
        self.health = health
    }

    /// Whether the process can do its work: ``ManagerHealth/readiness``.
    public var readiness: HealthReport { health.readiness }

    /// Whether the process should go on: ``ManagerHealth/liveness``.
    public var liveness: HealthReport { health.liveness }

    /// Whether all informers have synced: what a readiness probe asks for.
    public var hasSynced: Bool { synced.isOpen }

    /// Waits until ``hasSynced`` is true.
    public func waitForSync() async throws(CancellationError) { try await synced.wait() }

    /// Runs until a signal comes, ``shutDown()`` is called, or a part fails.
    /// - Throws: what the first part to fail has thrown, such as ``LeadershipLostError``; `CancellationError` if the
    ///   grace period was not enough.
    public func run() async throws { try await group.run() }

    /// Begins to stop, as on a signal; returns at once.
    public func shutDown() async { await group.triggerGracefulShutdown() }
}
