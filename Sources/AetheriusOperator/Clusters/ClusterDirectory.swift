// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime

/// Where the controllers find the clusters that tasks are about.
enum ClusterDirectory: Sendable {
    /// The ClusterAgents of the API server.
    case observed(Store<ClusterAgent>)
    /// The cluster that the operator runs in, and no other: an operator for some namespaces reads no ClusterAgents.
    case onlyLocal

    /// The ClusterAgent of that name; nil if there is none.
    func get(_ name: String) -> ClusterAgent? {
        switch self {
        case .observed(let store): store.get(name)
        case .onlyLocal: name == AetheriusGroup.localClusterName ? Self.local : nil
        }
    }

    /// All ClusterAgents.
    func list() -> [ClusterAgent] {
        switch self {
        case .observed(let store): store.list()
        case .onlyLocal: [Self.local]
        }
    }

    private static var local: ClusterAgent {
        var agent = ClusterAgent(
            metadata: ObjectMeta(name: AetheriusGroup.localClusterName),
            spec: ClusterAgent.Spec(mode: .local)
        )
        agent.spec.accepted = true
        agent.status.phase = .online
        return agent
    }
}
