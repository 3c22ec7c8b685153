// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// What the controllers read.
struct OperatorInformers {
    let tasks: Informer<DiagnosticTask>
    let clusters: Informer<ClusterAgent>
    let knowledge: Informer<KnowledgeEntry>
    let plans: Informer<ExecutionPlan>

    init(client: KubernetesClient, logger: Logger) {
        tasks = Informer(client.resources(DiagnosticTask.self), logger: logger)
        clusters = Informer(client.resources(ClusterAgent.self), logger: logger)
        knowledge = Informer(client.resources(KnowledgeEntry.self), logger: logger)
        plans = Informer(client.resources(ExecutionPlan.self), logger: logger)
    }

    var all: [any SyncingService] { [tasks, clusters, knowledge, plans] }
}
