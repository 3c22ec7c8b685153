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
    /// The heartbeats of agents, and the Deployments of those that run here; nil where there are no agents.
    let agents: Agents?

    /// What is read of agents besides their ClusterAgents.
    struct Agents {
        let leases: Informer<Lease>
        let deployments: Informer<Workload>

        init(client: KubernetesClient, logger: Logger) {
            leases = Informer(
                client.resources(Lease.self),
                configuration: ReflectorConfiguration(
                    labelSelector: "\(LabelKey.component)=\(AgentNames.heartbeatComponent)"
                ),
                logger: logger
            )
            deployments = Informer(
                client.resources(Workload.self, of: .deployment, namespace: AgentNames.namespace),
                configuration: ReflectorConfiguration(
                    labelSelector: "\(LabelKey.component)=\(AgentNames.agentComponent)"
                ),
                logger: logger
            )
        }
    }

    /// - Parameters:
    ///   - namespaces: the only namespaces to read; none for the whole cluster.
    ///   - hasAgents: whether there may be agents of other clusters.
    init(client: KubernetesClient, namespaces: Set<String>, hasAgents: Bool = true, logger: Logger) {
        func informer<Object: Resource>(_ type: Object.Type, _ indexes: [Index<Object>] = []) -> Informer<Object> {
            Informer(namespaces: namespaces, indexes: indexes, logger: logger) {
                client.resources(type, namespace: $0)
            }
        }
        tasks = informer(
            DiagnosticTask.self,
            [
                TaskCopy.bySource, IncidentTask.byKindred, IncidentTask.byCause, IncidentTask.openByCluster,
                AgentLedger.openByCluster,
            ]
        )
        clusters = namespaces.isEmpty ? informer(ClusterAgent.self) : nil
        knowledge = informer(KnowledgeEntry.self)
        plans = informer(ExecutionPlan.self)
        agents = namespaces.isEmpty && hasAgents ? Agents(client: client, logger: logger) : nil
    }

    /// Where the clusters are found.
    var directory: ClusterDirectory { clusters.map { .observed($0.store) } ?? .onlyLocal }

    var all: [any SyncingService] {
        let clusters = clusters.map { [$0 as any SyncingService] } ?? []
        let agents = agents.map { [$0.leases as any SyncingService, $0.deployments] } ?? []
        return [tasks] + clusters + [knowledge, plans] + agents
    }
}
