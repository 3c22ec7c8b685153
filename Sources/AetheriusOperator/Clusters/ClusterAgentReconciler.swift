// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// Carries ClusterAgents from the object that somebody applied to an agent that is there, and back.
struct ClusterAgentReconciler: Reconciler {
    /// What makes agents and sees whether they are there.
    struct Agents: Sendable {
        let heartbeats: HeartbeatMonitor
        let provisioner: AgentProvisioner
    }

    let clusters: Store<ClusterAgent>
    /// What looks after agents besides the operator itself; nil if there are to be none.
    let agents: Agents?
    let hub: HubIdentity
    let status: StatusClient<ClusterAgent>
    let client: KubernetesClient
    let events: EventRecorder
    let logger: Logger
    var machine = AgentStateMachine()

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        guard let agent = clusters[request], agent.metadata.deletionTimestamp == nil else {
            if let agents { try await cleanUp(request.name, agents) }
            return .done
        }
        do throws(KubeError) {
            return try await settle(agent)
        } catch {
            guard error.code == .conflict || error.code == .notFound else { throw error }
            return .requeue(after: .milliseconds(50))
        }
    }

    private func settle(_ agent: ClusterAgent) async throws(KubeError) -> ReconcileResult {
        let errors = agent.validate(hasDefaultServer: agents?.provisioner.hosting.hubServer != nil)
        if !errors.isEmpty {
            // An agent that was told to go goes, whatever else is wrong.
            let mustGo = !agent.spec.accepted
            if mustGo { try await agents?.provisioner.revoke(agent) }
            let phase = mustGo ? .pending : agent.status.phase ?? .pending
            return try await stall(agent, phase, reason: "InvalidSpec", message: errors.sentence)
        }
        if agent.isInProcess { return try await settleLocal(agent) }
        guard let agents else {
            let message =
                "the operator looks after no agents besides itself (its setting agents, agents.enabled of the chart)"
            return try await stall(agent, .pending, reason: "AgentsDisabled", message: message)
        }
        return try await settleAgent(agent, agents)
    }

    /// Says why nothing is done for an agent.
    private func stall(
        _ agent: ClusterAgent,
        _ phase: ClusterAgent.Phase,
        reason: String,
        message: String
    ) async throws(KubeError) -> ReconcileResult {
        try await write(
            AgentStateMachine.Verdict(
                phase: phase,
                hub: agent.status.hub ?? ClusterAgent.Hub(),
                conditions: [],
                standard: StandardConditions(state: .stalled, reason: reason, message: message)
            ),
            to: agent
        )
    }

    private func settleLocal(_ agent: ClusterAgent) async throws(KubeError) -> ReconcileResult {
        if let provisioner = agents?.provisioner, provisioner.records.valid(for: agent) == nil {
            // It may have had a Deployment of its own before.
            try await provisioner.removeFromHub(agent.metadata.name)
            provisioner.records.note(agent)
        }
        let first = clusters.list()
            .filter { $0.spec.mode == .local && $0.metadata.deletionTimestamp == nil && $0.isOlder(than: agent) }
            .min { $0.isOlder(than: $1) }
        let uid = try await hub.uid()
        return try await write(
            LocalAgentVerdict.verdict(on: agent, first: first?.metadata.name, clusterUID: uid),
            to: agent
        )
    }
}
