// SPDX-License-Identifier: Apache-2.0
public import AetheriusAPI
import KubeAPI
public import KubeClient
public import KubeRuntime
public import Logging
public import Observability
public import ServiceLifecycle

/// Observes one cluster, reports to its ClusterAgent at the hub, and works on the tasks in its mailbox.
///
/// It is all of an agent but its process: the program `aetherius agent` runs one, and so can the operator, for the
/// cluster that it runs in itself.
///
/// ```swift
/// let agent = try ClusterAgentRuntime(
///     identity: AgentIdentity(cluster: "local", instanceID: name, version: "1.0", takesTasks: false),
///     hub: client, heartbeat: nil, target: .client(client), clusterAgents: clusters, registry: registry,
///     logger: logger)
/// try await agent.run()
/// ```
public final class ClusterAgentRuntime: ServiceLifecycle.Service {
    private let services: [any ServiceLifecycle.Service]
    /// Name of its ClusterAgent.
    public let cluster: String
    let health: HubHealth
    let clusterAgents: Informer<ClusterAgent>
    private let intake: EventIntake
    private let probe: TargetProbe
    let holder: TargetHolder
    private let logger: Logger

    /// Creates an agent; nothing runs yet.
    /// - Parameters:
    ///   - identity: which agent it is.
    ///   - hub: the connection to the hub. Nothing should be tried again by it: the agent does that itself.
    ///   - heartbeat: a connection to the hub for nothing but the heartbeat; nil for an agent that lives and dies with
    ///     its hub, and so needs none.
    ///   - predecessors: what the identities of earlier runs in the same pod begin with; nil if that is not known.
    ///   - target: how the observed cluster is reached.
    ///   - clusterAgents: the hub's ClusterAgents, where the process follows them already; nil to follow the agent's own
    ///     one. Whoever passes an informer runs it.
    ///   - maxConcurrentTasks: how many tasks are worked on at once, at least 1.
    ///   - registry: where metrics go.
    ///   - logger: gets the messages.
    /// - Throws: ``/KubeClient/KubeError`` if a part cannot be made.
    public init(
        identity: AgentIdentity,
        hub: KubernetesClient,
        heartbeat: KubernetesClient?,
        predecessors: String? = nil,
        target: AgentTarget,
        clusterAgents: Informer<ClusterAgent>? = nil,
        maxConcurrentTasks: Int = 2,
        registry: MetricsRegistry,
        logger: Logger
    ) throws(KubeError) {
        var logger = logger
        logger[metadataKey: "cluster_id"] = "\(identity.cluster)"
        let (health, holder, intake) = (HubHealth(), TargetHolder(), EventIntake())
        let probe = TargetProbe(logger: logger)
        let agents =
            clusterAgents
            ?? Informer(
                hub.resources(ClusterAgent.self),
                // The rights are on the one object of this name.
                configuration: ReflectorConfiguration(fieldSelector: "metadata.name=\(identity.cluster)"),
                logger: logger
            )
        let metrics = AgentMetrics(registry: registry, cluster: identity.cluster)
        let spec: @Sendable () -> ClusterAgent.Spec? = { [store = agents.store] in store.get(identity.cluster)?.spec }
        let beat = heartbeat.map { client in
            HeartbeatService(
                hub: client,
                identity: identity,
                predecessors: predecessors,
                settings: { spec()?.heartbeat },
                waitForSettings: { try await agents.waitForSync() },
                health: health,
                metrics: metrics,
                logger: logger
            )
        }
        let isHolder: @Sendable () -> Bool = { beat?.isHolder ?? true }
        let mailbox =
            try identity.takesTasks
            ? MailboxService(
                hub: hub,
                identity: identity,
                target: holder,
                access: { spec()?.access ?? ClusterAgent.Access() },
                isHolder: isHolder,
                maxConcurrentTasks: maxConcurrentTasks,
                metrics: metrics,
                health: health,
                logger: logger
            ) : nil
        let composer = ReportComposer(
            identity: identity,
            agents: agents.store,
            intake: intake,
            probe: probe,
            target: holder,
            mayReport: isHolder,
            waitingCommands: { mailbox?.waiting ?? 0 },
            tokenExpiry: { health.tokenExpiry }
        )
        metrics.collect(from: intake, health)
        cluster = identity.cluster
        self.clusterAgents = agents
        (self.health, self.probe, self.holder, self.logger) = (health, probe, holder, logger)
        self.intake = intake
        // Stopped from the last to the first: the goodbye comes when nothing more is done.
        var services: [any ServiceLifecycle.Service] = []
        if let beat { services.append(beat) }
        if clusterAgents == nil { services.append(agents) }
        services += [
            TargetService(target: target, holder: holder, probe: probe, intake: intake, logger: logger),
            SamplingService(holder: holder, composer: composer),
            ReportService(
                hub: hub,
                name: identity.cluster,
                composer: composer,
                health: health,
                metrics: metrics,
                logger: logger
            ),
        ]
        if let mailbox { services.append(mailbox) }
        self.services = services
    }

    /// Whether the agent can do its work, and what stands in the way: what a readiness probe asks for.
    public var readiness: HealthReport {
        let target = probe.answer
        let kinds = holder.current?.pendingKinds ?? []
        return HealthReport(
            checks: health.checks + [
                HealthReport.Check(
                    name: "target",
                    problem: target.status == .false ? "\(target.reason): \(target.message)" : nil
                ),
                HealthReport.Check(
                    name: "observation",
                    problem: kinds.isEmpty ? nil : "the first lists are not complete: \(kinds.joined(separator: ", "))"
                ),
            ]
        )
    }

    /// Works until the task is cancelled or the service shut down.
    public func run() async throws {
        let handler = try clusterAgents.addHandler { [intake, cluster] event in
            switch event {
            case .added(let agent, _), .updated(_, let agent): if event.key.name == cluster { intake.follow(agent) }
            case .deleted: break
            }
        }
        defer { clusterAgents.removeHandler(handler) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
                logger: logger
            )
        )
        try await group.run()
    }
}
