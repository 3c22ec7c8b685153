// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient

/// Whose agent runs in a far cluster, as the ConfigMap there says that every Remote agent has.
///
/// A cluster has room for one: all that belongs to it has the same names there, whoever installs it.
struct InstalledAgent: Sendable, Hashable {
    /// The reason for a condition where the agent is another's.
    static let reason = "InstalledByAnother"

    /// Name of the ClusterAgent; nil if it does not say.
    var cluster: String?
    /// Identity of the hub; nil if it does not say.
    var hubUID: String?

    /// Reads what is in a cluster; nil if nothing is.
    static func read(_ client: KubernetesClient) async throws(KubeError) -> InstalledAgent? {
        let configurations = client.resources(
            DynamicObject.self,
            of: .configMap,
            namespace: AgentNames.Remote.namespace
        )
        do throws(KubeError) {
            return InstalledAgent(try await configurations.get(AgentNames.Remote.hub))
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    init(_ configuration: DynamicObject) {
        let data = configuration.value["data"]
        cluster = configuration.metadata.labels[LabelKey.cluster] ?? data?[AgentNames.HubKey.cluster]?.stringValue
        hubUID = data?[AgentNames.HubKey.hubUID]?.stringValue
    }

    /// Whether it reports to another hub than an agent is to.
    func isOfAnotherHub(than remote: RemoteAgent) -> Bool {
        guard let hubUID, let own = remote.connection.hubUID else { return false }
        return hubUID != own
    }

    /// Why an agent cannot be installed beside it; nil if it is that agent's own.
    func obstacle(to remote: RemoteAgent) -> AgentDeploymentState? {
        let own = remote.agent.metadata.name
        let other = cluster ?? own
        let isForeign = isOfAnotherHub(than: remote)
        guard other != own || isForeign else { return nil }
        let place = AgentNames.Remote.namespace
        let origin = isForeign ? " of another hub (its kube-system has the UID \(hubUID ?? ""))" : ""
        return .failed(
            reason: Self.reason,
            message: "the agent of ClusterAgent \(other)\(origin) is installed in that cluster already, and nothing of "
                + "it is touched: delete this ClusterAgent or that one. If nobody needs it any more, delete there what "
                + "is left of it, the ConfigMap \(AgentNames.Remote.hub) and the Deployment \(AgentNames.Remote.agent) "
                + "in \(place) at least"
        )
    }
}
