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
    /// Whether the operator's process watches its own cluster.
    let observesLocal: Bool
    /// Counts what comes from agents, and what waits for them.
    let ledger: AgentLedger
    let status: StatusClient<ClusterAgent>
    let client: KubernetesClient
    let events: EventRecorder
    let logger: Logger
    var machine = AgentStateMachine()

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        guard let agent = clusters[request], agent.metadata.deletionTimestamp == nil else {
            if let agents { try await cleanUp(request.name, agents) }
            ledger.forget(request.name)
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
            if !agent.spec.accepted { try await agents?.provisioner.revoke(agent) }
            return try await refuse(agent, errors)
        }
        if agent.isInProcess { return try await settleLocal(agent) }
        guard let agents else {
            let message =
                "the operator looks after no agents besides itself (its setting agents, agents.enabled of the chart)"
            return try await stall(agent, .pending, reason: "AgentsDisabled", message: message)
        }
        return try await settleAgent(agent, agents)
    }

    /// Says what is wrong with an agent's spec.
    func refuse(_ agent: ClusterAgent, _ errors: [FieldError]) async throws(KubeError) -> ReconcileResult {
        let phase = agent.spec.accepted ? agent.status.phase ?? .pending : .pending
        return try await stall(agent, phase, reason: "InvalidSpec", message: errors.sentence)
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
            if let error = try await provisioner.removeFromHub(agent) { return try await refuse(agent, [error]) }
            provisioner.records.note(agent)
        }
        let first = ClusterAgent.firstLocal(among: clusters.list()).flatMap { $0.isOlder(than: agent) ? $0 : nil }
        if !observesLocal, agent.status.agent != nil { try await clearReport(of: agent) }
        let uid = try await hub.uid()
        return try await write(
            LocalAgentVerdict.verdict(
                on: agent,
                first: first?.metadata.name,
                isObserved: observesLocal,
                clusterUID: uid
            ),
            to: agent
        )
    }

    /// Takes back what an agent has reported that there is no more: it would look like the present for ever.
    private func clearReport(of agent: ClusterAgent) async throws(KubeError) {
        let nothing = StatusApplication<ClusterAgent>(to: ObjectMeta(name: agent.metadata.name)) { _ in }
        _ = try await client.resources(ClusterAgent.self).patch(
            agent.metadata.name,
            .apply(nothing, fieldManager: FieldManager.agent),
            subresource: "status"
        )
    }
}
