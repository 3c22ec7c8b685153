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
        guard let clusters = informers.clusters, let agents = informers.agents else { return [] }
        let heartbeats = HeartbeatMonitor(leases: agents.leases)
        let records = AgentRecords()
        var settings = usual
        settings.maxConcurrentReconciles = clusterWorkers
        settings.maximumRetryDelay = .seconds(30)
        let controller = Controller(
            "clusteragent",
            reconciler: ClusterAgentReconciler(
                clusters: clusters.store,
                heartbeats: heartbeats,
                provisioner: AgentProvisioner(
                    client: client,
                    hosting: configuration.agents,
                    records: records,
                    hub: HubIdentity(client: client),
                    deployments: agents.deployments.store
                ),
                status: StatusClient(client: client),
                client: client,
                events: events,
                logger: logger
            ),
            sources: [
                .for(clusters),
                .watches(agents.deployments) { deployment in
                    deployment.metadata.labels[LabelKey.cluster].map { [ObjectKey(name: $0)] } ?? []
                },
            ],
            configuration: settings,
            logger: logger
        )
        heartbeats.onNews { [weak controller] cluster, news in
            if news == .leaseGone { records.forget(cluster) }
            controller?.enqueue(ObjectKey(name: cluster))
        }
        return [
            LocalClusterAgent(client: client, namespace: configuration.namespace, logger: logger), heartbeats,
            controller,
        ]
    }
}
