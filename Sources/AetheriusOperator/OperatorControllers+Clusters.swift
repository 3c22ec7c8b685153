// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
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
        _ surroundings: OperatorSurroundings,
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
        // What waits for an agent is in its status.
        sources.append(
            .watches(informers.tasks, where: .updates { $0.status.phase != $1.status.phase }) { task in
                TaskCopy.isInMailbox(task) ? [] : [ObjectKey(name: AgentLedger.cluster(of: task))]
            }
        )
        let ledger = AgentLedger(tasks: informers.tasks)
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
                observesLocal: configuration.observesLocal,
                ledger: ledger,
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
        let observer =
            configuration.observesLocal ? [observer(client, clusters, configuration, surroundings, logger)] : []
        return [local, ledger, controller] + (heartbeats.map { [$0] } ?? []) + observer
    }

    /// What watches the operator's own cluster.
    private static func observer(
        _ client: KubernetesClient,
        _ clusters: Informer<ClusterAgent>,
        _ configuration: OperatorConfiguration,
        _ surroundings: OperatorSurroundings,
        _ logger: Logger
    ) -> LocalObserver {
        LocalObserver(
            clusters: clusters,
            makeAgent: { cluster throws(KubeError) in
                try ClusterAgentRuntime(
                    identity: AgentIdentity(
                        cluster: cluster,
                        instanceID: configuration.identity,
                        version: surroundings.build.version,
                        takesTasks: false
                    ),
                    // The agent decides itself when a report is tried again.
                    hub: client.retrying(by: .none),
                    heartbeat: nil,
                    target: .client(client),
                    clusterAgents: clusters,
                    registry: surroundings.registry,
                    logger: logger
                )
            },
            logger: logger
        )
    }
}
