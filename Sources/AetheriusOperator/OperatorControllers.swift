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
    /// How many tasks wait for a worker, for each queue of tasks.
    let taskDepths: [@Sendable () -> Int]

    init(
        client: KubernetesClient,
        informers: OperatorInformers,
        events: EventRecorder,
        configuration: OperatorConfiguration,
        evidence: any EvidenceSource,
        surroundings: OperatorSurroundings,
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
        let lanes = TaskLane.allCases.map {
            Self.tasks($0, client, informers, events, running, configuration, evidence, surroundings, logger)
        }
        taskDepths = lanes.map { lane in { lane.queueDepth } }
        let usual = ControllerConfiguration(
            metricsFactory: surroundings.registry,
            tracer: surroundings.tracer
        )
        let others: [any ServiceLifecycle.Service] = [
            Controller(
                "knowledgeentry",
                reconciler: ValidationReconciler(
                    objects: informers.knowledge.store,
                    status: StatusClient(client: client),
                    events: events
                ),
                sources: [.for(informers.knowledge)],
                configuration: usual,
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
                configuration: usual,
                logger: logger
            ),
        ]
        all =
            Self.clusters(client, informers, events, configuration, usual, surroundings, logger)
            + Self.incidents(client, informers, events, configuration, usual, surroundings, logger) + lanes + others
    }

    private static func tasks(
        _ lane: TaskLane,
        _ client: KubernetesClient,
        _ informers: OperatorInformers,
        _ events: EventRecorder,
        _ running: RunningTasks,
        _ configuration: OperatorConfiguration,
        _ evidence: any EvidenceSource,
        _ surroundings: OperatorSurroundings,
        _ logger: Logger
    ) -> Controller<DiagnosticTaskReconciler> {
        let (tasks, clusters) = (informers.tasks.store, informers.directory)
        let operatorNamespace = configuration.namespace
        @Sendable func isOurs(_ task: DiagnosticTask) -> Bool {
            !TaskCopy.isInMailbox(task) && TaskLane.lane(of: task, operatorNamespace: operatorNamespace) == lane
        }
        var sources: [Source<ObjectKey>] = [
            .for(informers.tasks, where: .matching(isOurs)) { task in
                let cluster = task.spec.clusterRef?.name ?? AetheriusGroup.localClusterName
                return TaskPriority.queuePriority(of: task, in: clusters.get(cluster))
            }
        ]
        // What lies in the mailbox of an agent is about its source, also if that is gone.
        sources.append(
            .watches(informers.tasks, where: .matching { TaskCopy.source(of: $0) != nil }) { copy in
                guard let source = TaskCopy.source(of: copy) else { return [] }
                return tasks[source].map(isOurs) ?? (lane == .ordinary) ? [source] : []
            }
        )
        if let informer = informers.clusters {
            // A task may have come before the ClusterAgent that it names, or before its agent was there.
            sources.append(
                .watches(informer, where: .generationChanged.or(.updates { $0.status.phase != $1.status.phase })) {
                    cluster in
                    tasks.list().filter { task in
                        !task.status.isFinished && isOurs(task)
                            && (task.spec.clusterRef?.name ?? AetheriusGroup.localClusterName) == cluster.metadata.name
                    }.map { ObjectKey($0) }
                }
            )
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
                machine: TaskStateMachine(
                    operatorNamespace: configuration.namespace,
                    installed: configuration.watchNamespaces
                ),
                identity: configuration.identity,
                metrics: TaskMetrics(factory: surroundings.registry),
                logger: logger
            ),
            sources: sources,
            configuration: ControllerConfiguration(
                maxConcurrentReconciles: lane == .ordinary
                    ? configuration.maxConcurrentTasks : TaskLane.criticalWorkers,
                initialRetryDelay: .milliseconds(500),
                maximumRetryDelay: .seconds(60),
                metricsFactory: surroundings.registry,
                tracer: surroundings.tracer
            ),
            logger: logger
        )
    }
}
