// SPDX-License-Identifier: Apache-2.0
import AetheriusAgent
import ArgumentParser
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Observability
import ServiceLifecycle

/// Puts an agent together from its settings, and runs it.
struct AgentProcess {
    let configuration: AgentConfiguration

    func run() async throws {
        let threshold = LogThreshold(Logger.Level(rawValue: configuration.logLevel) ?? .info)
        let logger = ProcessLogger.make(isJSON: configuration.logsJSON, threshold: threshold)
        do {
            let registry = AgentMetrics.makeRegistry()
            let connections = try AgentConnections(configuration, registry: registry)
            logger.info(
                "starting",
                metadata: [
                    "version": "\(Aetherius.version)", "cluster_id": "\(configuration.cluster)",
                    "hub": "\(connections.hub.configuration.server)", "identity": "\(configuration.identity)",
                ]
            )
            let agent = try ClusterAgentRuntime(
                identity: AgentIdentity(
                    cluster: configuration.cluster,
                    instanceID: configuration.identity,
                    version: Aetherius.version
                ),
                hub: connections.hub,
                heartbeat: connections.heartbeat,
                predecessors: configuration.predecessors,
                target: connections.target,
                maxConcurrentTasks: configuration.maxConcurrentTasks,
                registry: registry,
                logger: logger
            )
            let manager = Manager(
                services: services(of: agent, connections, registry, logger),
                reporting: { health in [server(agent, health, registry, threshold, logger)] },
                informers: [],
                controllers: [agent],
                configuration: ManagerConfiguration(
                    gracePeriod: configuration.gracePeriod,
                    drainPeriod: configuration.gracePeriod - min(.seconds(5), configuration.gracePeriod / 4)
                ),
                logger: logger
            )
            try await manager.run()
            logger.info("stopped")
        } catch {
            logger.error("the agent cannot go on", metadata: ["error": "\(error)"])
            throw ExitCode.failure
        }
    }

    private func services(
        of agent: ClusterAgentRuntime,
        _ connections: AgentConnections,
        _ registry: MetricsRegistry,
        _ logger: Logger
    ) -> [any ServiceLifecycle.Service] {
        var services: [any ServiceLifecycle.Service] = [MemoryKeeper()]
        if let (box, secret, bootstrapFile) = connections.kept {
            let credentials = CredentialService(
                box: box,
                hub: connections.hub,
                namespace: configuration.namespace,
                secret: secret,
                bootstrapFile: bootstrapFile,
                agent: agent,
                logger: logger
            )
            credentials.register(in: registry)
            services.append(credentials)
        }
        if let deployment = configuration.deployment {
            services.append(
                SelfUpdateService(
                    namespace: configuration.namespace,
                    name: deployment,
                    agent: agent,
                    logger: logger
                )
            )
        }
        return services
    }

    private func server(
        _ agent: ClusterAgentRuntime,
        _ health: ManagerHealth,
        _ registry: MetricsRegistry,
        _ threshold: LogThreshold,
        _ logger: Logger
    ) -> HTTPServer {
        @Sendable func checks(_ report: HealthReport) -> [HealthCheck] {
            report.checks.map { HealthCheck(name: $0.name, problem: $0.problem, duration: $0.duration) }
        }
        let sites: [HTTPSite?] = [
            configuration.healthAddress.map {
                .health(
                    at: $0,
                    version: Aetherius.version,
                    logThreshold: threshold,
                    // A hub that is away is no reason to start anew.
                    liveness: { checks(health.liveness) },
                    readiness: { checks(health.readiness) + checks(agent.readiness) }
                )
            },
            configuration.metricsAddress.map { .metrics(at: $0, registry: registry) },
        ]
        return HTTPServer(sites.compactMap { $0 }, logger: logger)
    }
}
