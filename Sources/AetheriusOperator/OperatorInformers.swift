// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// What the controllers read.
struct OperatorInformers {
    let tasks: Informer<DiagnosticTask>
    /// Nil if the operator is for some namespaces only.
    let clusters: Informer<ClusterAgent>?
    let knowledge: Informer<KnowledgeEntry>
    let plans: Informer<ExecutionPlan>

    /// - Parameter namespaces: the only namespaces to read; none for the whole cluster.
    init(client: KubernetesClient, namespaces: Set<String>, logger: Logger) {
        func informer<Object: Resource>(_ type: Object.Type) -> Informer<Object> {
            Informer(namespaces: namespaces, logger: logger) { client.resources(type, namespace: $0) }
        }
        tasks = informer(DiagnosticTask.self)
        clusters = namespaces.isEmpty ? informer(ClusterAgent.self) : nil
        knowledge = informer(KnowledgeEntry.self)
        plans = informer(ExecutionPlan.self)
    }

    /// Where the clusters are found.
    var directory: ClusterDirectory { clusters.map { .observed($0.store) } ?? .onlyLocal }

    var all: [any SyncingService] {
        let clusters = clusters.map { [$0 as any SyncingService] } ?? []
        return [tasks] + clusters + [knowledge, plans]
    }
}
