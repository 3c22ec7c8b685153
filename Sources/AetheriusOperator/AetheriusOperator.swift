// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import Evidence
import KubeAPI
public import KubeClient
import KubeRuntime
public import Logging
import Observability
public import ServiceLifecycle
import UnixSignals

/// The operator: one controller for each kind, over informers that they share.
public struct AetheriusOperator: ServiceLifecycle.Service {
    /// The name of the Lease that decides which process works.
    public static let leaseName = "aetherius-operator"

    private let manager: Manager

    /// Puts the operator together; nothing runs yet.
    /// - Throws: `KubeError` with the code `configuration` if the settings contradict each other.
    public init(
        client: KubernetesClient,
        configuration: OperatorConfiguration,
        surroundings: OperatorSurroundings,
        logger: Logger
    ) throws(KubeError) {
        var limits = ClusterEvidence.Limits()
        limits.readsSecrets = configuration.readsSecrets
        try self.init(
            client: client,
            configuration: configuration,
            surroundings: surroundings,
            evidence: ClusterEvidence(client: client, limits: limits),
            shutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
    }

    init(
        client: KubernetesClient,
        configuration: OperatorConfiguration,
        surroundings: OperatorSurroundings = OperatorSurroundings(),
        evidence: any EvidenceSource,
        shutdownSignals: [UnixSignal],
        logger: Logger
    ) throws(KubeError) {
        let informers = OperatorInformers(
            client: client,
            namespaces: configuration.watchNamespaces,
            hasAgents: configuration.agents.isEnabled,
            logger: logger
        )
        let events = EventRecorder(
            sink: client,
            component: FieldManager.operator,
            instance: configuration.identity,
            logger: logger
        )
        let elector =
            try configuration.electsLeader
            ? LeaderElector(
                // A renewal must not stand in line behind the work.
                leases: client.limited(by: nil).resources(Lease.self, namespace: configuration.namespace),
                name: Self.leaseName,
                namespace: configuration.namespace,
                configuration: LeaderElectionConfiguration(identity: configuration.identity),
                metricsFactory: surroundings.registry,
                logger: logger
            ) : nil
        let controllers = try OperatorControllers(
            client: client,
            informers: informers,
            events: events,
            configuration: configuration,
            evidence: evidence,
            surroundings: surroundings,
            logger: logger
        )
        surroundings.traceExporter?.register(in: surroundings.registry)
        OperatorMetrics.register(
            in: surroundings.registry,
            informers: informers,
            depths: controllers.taskDepths,
            build: surroundings.build
        )
        let sites = try OperatorSites(configuration, surroundings, client: client)
        manager = Manager(
            leaderElector: elector,
            services: (surroundings.traceExporter.map { [$0] } ?? []) + [MemoryKeeper(), events],
            reporting: { health in [sites.server(health, logger: logger)] },
            informers: informers.all,
            controllers: controllers.all,
            configuration: ManagerConfiguration(
                gracePeriod: configuration.gracePeriod,
                drainPeriod: configuration.drainPeriod,
                shutdownSignals: shutdownSignals
            ) {
                // The lists have been read; what their text took goes back to the system.
                MemoryKeeper.trim()
            },
            logger: logger
        )
    }

    /// Runs until the process is asked to stop.
    /// - Throws: what made it impossible to go on, such as a lost lease; the process has to exit then.
    public func run() async throws { try await manager.run() }
}
