// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient

extension AgentProvisioner {
    /// How long a far cluster that does not answer is waited for.
    private static let farewell = Duration.seconds(60)

    /// Removes what is left of an agent whose ClusterAgent is gone, in its own cluster too if there is a way.
    ///
    /// Nothing holds a ClusterAgent back: what was made on the hub belongs to it, and the garbage collector takes it
    /// away. This is faster, and it reaches into the far cluster. What is to be done there the mailbox remembers, which
    /// is the last to go.
    /// - Returns: what could not be removed in its own cluster, and why; nil if nothing is left there.
    func remove(_ cluster: String) async throws -> String? {
        records.forget(cluster)
        var leftBehind: String?
        if let mailbox = try await mailbox(of: cluster) {
            try await withdraw(cluster)
            if let path = mailbox.annotations[AnnotationKey.targetKubeconfig] {
                leftBehind = try await removeRemote(cluster, by: path)
            }
            try await writer.delete(AgentGrant(cluster: cluster).mailboxNamespace)
        }
        records.hasLeft(cluster)
        return leftBehind
    }

    /// Removes what is left of an agent that was nowhere but here, whose ClusterAgent stays.
    /// - Returns: why nothing was removed: what is there was made for another mode; nil if nothing is wrong.
    func removeFromHub(_ agent: ClusterAgent) async throws(KubeError) -> FieldError? {
        let grant = AgentGrant(agent)
        guard let mailbox = try await mailbox(of: grant.cluster) else { return nil }
        if let error = grant.modeError(mailbox) { return error }
        try await withdraw(grant.cluster)
        try await writer.delete(grant.mailboxNamespace)
        return nil
    }

    /// The mailbox of an agent; nil if there is none, or somebody has asked for its deletion.
    private func mailbox(of cluster: String) async throws(KubeError) -> ObjectMeta? {
        let grant = AgentGrant(cluster: cluster)
        guard let mailbox = try await writer.metadata(grant.mailboxNamespace) else { return nil }
        return grant.isMailbox(mailbox) && mailbox.deletionTimestamp == nil ? mailbox : nil
    }

    private func removeRemote(_ cluster: String, by path: String) async throws -> String? {
        guard let reference = ClusterAgent.KubeconfigReference(path: path) else {
            return "the mailbox does not name a kubeconfig as SECRET/KEY: \(path)"
        }
        let agent = ClusterAgent(metadata: ObjectMeta(name: cluster), spec: .init(mode: .remote))
        do {
            let connection = RemoteAgent.Connection(server: "", hubUID: try await hub.uid())
            try await target.remove(RemoteAgent(agent: agent, image: "", connection: connection), by: reference)
            return nil
        } catch {
            // Waiting does not mend a kubeconfig that is gone or refused.
            let isHopeless = [.configuration, .unauthorized].contains((error as? KubeError)?.code)
            guard isHopeless || records.timeLeaving(cluster) >= Self.farewell else { throw error }
            return TargetCluster.message(error, by: reference)
        }
    }
}
