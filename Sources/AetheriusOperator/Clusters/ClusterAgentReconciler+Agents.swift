// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

extension ClusterAgentReconciler {
    /// Makes what an agent needs, or takes it away, and says how it is.
    func settleAgent(_ agent: ClusterAgent, _ agents: Agents) async throws(KubeError) -> ReconcileResult {
        var agent = agent
        let provisioner = agents.provisioner
        var outcome: AgentProvisioner.Outcome
        var hasFailed = false
        if agent.spec.accepted {
            do throws(KubeError) {
                outcome = try await provisioner.grant(agent)
                if let error = outcome.specError { return try await refuse(agent, [error]) }
            } catch {
                guard ![.conflict, .cancelled].contains(error.code) else { throw error }
                outcome = AgentProvisioner.Outcome(deployment: .notMade(error, for: agent))
                hasFailed = true
                logger.warning(
                    "what an agent needs could not be made",
                    metadata: ["cluster_id": "\(agent.metadata.name)", "error": "\(error)"]
                )
            }
        } else {
            try await provisioner.revoke(agent)
            agents.heartbeats.forget(agent.metadata.name)
            outcome = AgentProvisioner.Outcome(deployment: .unneeded)
        }
        let limit = Duration.seconds(agent.spec.heartbeat.offlineAfterSeconds)
        var verdict = machine.verdict(
            on: AgentStateMachine.View(
                agent: agent.withSaneRegistration(at: .now),
                pinnedUID: agent.metadata.annotations[AnnotationKey.clusterUID],
                twin: try await twin(of: agent),
                heartbeat: agents.heartbeats.observation(of: agent.metadata.name, limit: limit),
                deployment: outcome.deployment,
                bootstrapExpiry: outcome.bootstrapExpiry,
                now: .now
            )
        )
        // Nobody tells of a kubeconfig that is replaced.
        if agent.spec.accepted, agent.spec.mode == .hosted {
            verdict.checkAfter = min(verdict.checkAfter ?? AgentRecords.kubeconfigTrust, AgentRecords.kubeconfigTrust)
        }
        if verdict.isRegistering, let uid = verdict.hub.clusterUID { agent = try await pin(uid, on: agent) }
        let result = try await write(verdict, to: agent)
        if hasFailed { return .requeue }
        guard agent.spec.accepted, agent.spec.mode == .remote || !verdict.phase.isAlive else { return result }
        // Nobody tells the hub of what happens in a far cluster, or that a Secret is there now, or no more.
        return .requeue(after: min(verdict.checkAfter ?? AgentRecords.retry, AgentRecords.retry))
    }

    /// Notes the identity of the cluster where no agent can change it.
    private func pin(_ uid: String, on agent: ClusterAgent) async throws(KubeError) -> ClusterAgent {
        var metadata: JSONValue = ["annotations": [AnnotationKey.clusterUID: .string(uid)]]
        if let version = agent.metadata.resourceVersion { metadata["resourceVersion"] = .string(version) }
        let patch: JSONValue = ["metadata": metadata]
        return try await client.resources(ClusterAgent.self).patch(
            agent.metadata.name,
            .merge(patch, fieldManager: FieldManager.operator)
        )
    }

    /// An older ClusterAgent for the same cluster.
    private func twin(of agent: ClusterAgent) async throws(KubeError) -> String? {
        let pinned = agent.metadata.annotations[AnnotationKey.clusterUID]
        guard let uid = pinned ?? agent.status.agent?.clusterUID, !uid.isEmpty else { return nil }
        let own = try await hub.uid()
        return clusters.list().first { other in
            guard other.metadata.name != agent.metadata.name, other.metadata.deletionTimestamp == nil else {
                return false
            }
            let theirs = other.isInProcess ? own : other.metadata.annotations[AnnotationKey.clusterUID]
            return theirs == uid && other.isOlder(than: agent)
        }?.metadata.name
    }

    /// Takes everything away that was made for an agent whose ClusterAgent is gone.
    func cleanUp(_ cluster: String, _ agents: Agents) async throws {
        agents.heartbeats.forget(cluster)
        guard let leftBehind = try await agents.provisioner.remove(cluster) else { return }
        let message =
            "the agent could not be removed from its cluster: \(leftBehind); it has no rights here any more. What was "
            + "installed of it, if anything, is still there: kubectl delete deployments,serviceaccounts,secrets,"
            + "configmaps,roles,rolebindings,clusterroles,clusterrolebindings --namespace "
            + "\(AgentNames.Remote.namespace) --selector \(LabelKey.cluster)=\(cluster)"
        let gone = ClusterAgent(metadata: ObjectMeta(name: cluster), spec: .init(mode: .remote))
        events.record(.warning, reason: EventReason.agentLeftBehind, message: message, about: gone)
        logger.warning(
            "an agent could not be removed from its cluster",
            metadata: ["cluster_id": "\(cluster)", "error": "\(leftBehind)"]
        )
    }
}
