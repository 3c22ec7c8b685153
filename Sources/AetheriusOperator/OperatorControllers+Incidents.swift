// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

extension OperatorControllers {
    /// What opens tasks for the incidents that agents report; nothing in an operator that reads no ClusterAgents.
    static func incidents(
        _ client: KubernetesClient,
        _ informers: OperatorInformers,
        _ events: EventRecorder,
        _ configuration: OperatorConfiguration,
        _ settings: ControllerConfiguration,
        _ surroundings: OperatorSurroundings,
        _ logger: Logger
    ) -> [any ServiceLifecycle.Service] {
        guard let clusters = informers.clusters else { return [] }
        let tasks = informers.tasks.store
        let controller = Controller(
            "incident",
            reconciler: IncidentReconciler(
                clusters: clusters.store,
                tasks: tasks,
                client: client,
                events: events,
                namespace: configuration.namespace,
                budget: OpeningBudget(limit: configuration.automaticTasksPerMinute),
                book: IncidentBook(),
                metrics: IncidentMetrics(factory: surroundings.registry),
                logger: logger
            ),
            sources: [
                .for(
                    clusters,
                    where: .generationChanged.or(
                        .updates { old, new in
                            old.status.agent?.events != new.status.agent?.events || old.isReporter != new.isReporter
                                || IncidentSilence.isComplete(old) != IncidentSilence.isComplete(new)
                        }
                    )
                ),
                // A task of the same trouble in another cluster, or one that has found the same cause.
                .watches(informers.tasks, where: .updates { IncidentTask.cause(of: $0) != IncidentTask.cause(of: $1) })
                {
                    task in
                    guard let kindred = task.metadata.labels[LabelKey.kindred] else { return [] }
                    let cause = IncidentTask.cause(of: task)
                    let kin =
                        tasks.objects(in: IncidentTask.byKindred.name, value: kindred)
                        + (cause.map { tasks.objects(in: IncidentTask.byCause.name, value: $0) } ?? [])
                    return Set(kin.compactMap { $0.spec.clusterRef?.name }).map { ObjectKey(name: $0) }
                },
            ],
            configuration: settings,
            logger: logger
        )
        return [controller]
    }
}
