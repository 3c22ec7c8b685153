// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

extension OperatorControllers {
    /// How many ClusterAgents are looked at at the same time: a far cluster that does not answer holds one up.
    private static let clusterWorkers = 8

    /// What keeps ClusterAgents; nothing in an operator that reads none.
    static func clusters(
        _ client: KubernetesClient,
        _ informers: OperatorInformers,
        _ events: EventRecorder,
        _ configuration: OperatorConfiguration,
        _ usual: ControllerConfiguration,
        _ logger: Logger
    ) -> [any ServiceLifecycle.Service] {
        guard let clusters = informers.clusters else { return [] }
        let heartbeats = informers.agents.map { HeartbeatMonitor(leases: $0.leases) }
        let records = AgentRecords()
        var settings = usual
        settings.maxConcurrentReconciles = clusterWorkers
        settings.maximumRetryDelay = .seconds(30)
        var sources: [Source<ObjectKey>] = [.for(clusters)]
        if let agents = informers.agents {
            sources.append(
                .watches(agents.deployments) { deployment in
                    deployment.metadata.labels[LabelKey.cluster].map { [ObjectKey(name: $0)] } ?? []
                }
            )
            // Of an agent whose ClusterAgent went while there was no operator, its mailbox may be left.
            sources.append(
                .watches(agents.leases, where: .updates { _, _ in false }) { lease in
                    AgentNames.cluster(ofMailbox: lease.metadata.namespace ?? "").map { [ObjectKey(name: $0)] } ?? []
                }
            )
        }
        let hub = HubIdentity(client: client)
        let controller = Controller(
            "clusteragent",
            reconciler: ClusterAgentReconciler(
                clusters: clusters.store,
                agents: informers.agents.flatMap { agents in
                    heartbeats.map { heartbeats in
                        ClusterAgentReconciler.Agents(
                            heartbeats: heartbeats,
                            provisioner: AgentProvisioner(
                                client: client,
                                hosting: configuration.agents,
                                records: records,
                                hub: hub,
                                deployments: agents.deployments.store
                            )
                        )
                    }
                },
                hub: hub,
                status: StatusClient(client: client),
                client: client,
                events: events,
                logger: logger
            ),
            sources: sources,
            configuration: settings,
            logger: logger
        )
        heartbeats?.onNews { [weak controller] cluster, news in
            if news == .leaseGone { records.forget(cluster) }
            controller?.enqueue(ObjectKey(name: cluster))
        }
        let local = LocalClusterAgent(client: client, namespace: configuration.namespace, logger: logger)
        return [local, controller] + (heartbeats.map { [$0] } ?? [])
    }
}
