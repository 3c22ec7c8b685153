// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import Evidence
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

/// One controller for each kind.
struct OperatorControllers {
    let all: [any ServiceLifecycle.Service]

    init(
        client: KubernetesClient,
        informers: OperatorInformers,
        events: EventRecorder,
        configuration: OperatorConfiguration,
        evidence: any EvidenceSource,
        logger: Logger
    ) throws(KubeError) {
        let running = RunningTasks()
        try informers.tasks.addHandler { event in
            // The reconciliation that waits for the investigation cannot hear of this: its key is being worked on.
            let task = event.object
            let isUnwanted = task.spec.cancel || task.metadata.deletionTimestamp != nil
            switch event {
            case .deleted: running.cancel(event.key)
            case .added, .updated: if isUnwanted { running.cancel(event.key) }
            }
        }
        let agent = LocalClusterAgent(client: client, namespace: configuration.namespace, logger: logger)
        let lanes = TaskLane.allCases.map {
            Self.tasks($0, client, informers, events, running, configuration, evidence, logger)
        }
        let others: [any ServiceLifecycle.Service] = [
            Controller(
                "clusteragent",
                reconciler: ClusterAgentReconciler(
                    clusters: informers.clusters.store,
                    status: StatusClient(client: client),
                    client: client,
                    events: events
                ),
                sources: [.for(informers.clusters)],
                logger: logger
            ),
            Controller(
                "knowledgeentry",
                reconciler: ValidationReconciler(
                    objects: informers.knowledge.store,
                    status: StatusClient(client: client),
                    events: events
                ),
                sources: [.for(informers.knowledge)],
                logger: logger
            ),
            Controller(
                "executionplan",
                reconciler: ValidationReconciler(
                    objects: informers.plans.store,
                    status: StatusClient(client: client),
                    events: events
                ),
                sources: [.for(informers.plans)],
                logger: logger
            ),
        ]
        all = [agent] + lanes + others
    }

    private static func tasks(
        _ lane: TaskLane,
        _ client: KubernetesClient,
        _ informers: OperatorInformers,
        _ events: EventRecorder,
        _ running: RunningTasks,
        _ configuration: OperatorConfiguration,
        _ evidence: any EvidenceSource,
        _ logger: Logger
    ) -> any ServiceLifecycle.Service {
        let (tasks, clusters) = (informers.tasks.store, informers.clusters.store)
        let operatorNamespace = configuration.namespace
        @Sendable func isOurs(_ task: DiagnosticTask) -> Bool {
            TaskLane.lane(of: task, operatorNamespace: operatorNamespace) == lane
        }
        return Controller(
            lane.rawValue,
            reconciler: DiagnosticTaskReconciler(
                tasks: tasks,
                clusters: clusters,
                status: DiagnosticTaskStatusClient(client: client),
                client: client,
                investigator: Investigator(source: evidence),
                reports: AgentReportWriter(client: client),
                running: running,
                events: events,
                machine: TaskStateMachine(operatorNamespace: configuration.namespace),
                identity: configuration.identity,
                logger: logger
            ),
            sources: [
                .for(informers.tasks, where: .matching(isOurs)) { task in
                    let cluster = task.spec.clusterRef?.name ?? AetheriusGroup.localClusterName
                    return TaskPriority.queuePriority(of: task, in: clusters.get(cluster))
                },
                // A task may have come before the ClusterAgent that it names.
                .watches(informers.clusters, where: .generationChanged) { cluster in
                    tasks.list().filter { task in
                        !task.status.isFinished && isOurs(task)
                            && (task.spec.clusterRef?.name ?? AetheriusGroup.localClusterName)
                                == cluster.metadata.name
                    }.map { ObjectKey($0) }
                },
            ],
            configuration: ControllerConfiguration(
                maxConcurrentReconciles: lane == .ordinary
                    ? configuration.maxConcurrentTasks : TaskLane.criticalWorkers,
                initialRetryDelay: .milliseconds(500),
                maximumRetryDelay: .seconds(60)
            ),
            logger: logger
        )
    }
}
