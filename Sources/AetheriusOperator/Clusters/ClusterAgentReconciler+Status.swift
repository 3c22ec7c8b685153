// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

extension ClusterAgentReconciler {
    /// What the agent itself writes, and nobody else.
    private static let agentConditions: Set<String> = [ConditionType.targetReachable, ConditionType.collectionHealthy]

    /// Writes the status if anything in it has changed, and tells everybody.
    func write(
        _ verdict: AgentStateMachine.Verdict,
        to agent: ClusterAgent
    ) async throws(KubeError) -> ReconcileResult {
        let old = agent.status.conditions.filter { !Self.agentConditions.contains($0.type) }
        var conditions = old
        let (generation, now) = (agent.metadata.generation, Timestamp.now)
        verdict.standard.apply(to: &conditions, generation: generation, at: now)
        for var condition in verdict.conditions {
            condition.observedGeneration = generation
            condition.message = condition.message.bounded(toUTF8: 1024)
            conditions.set(condition, at: now)
        }
        let known = agent.status.hub ?? ClusterAgent.Hub()
        let isChanged =
            Set(conditions) != Set(old) || verdict.phase != agent.status.phase
            || verdict.hub != known || agent.status.observedGeneration != generation
        var hub = verdict.hub
        let countsDue = ledger.enter(into: &hub, of: agent, isWriting: isChanged)
        let next = [verdict.checkAfter, countsDue].compactMap { $0 }.min()
        let result: ReconcileResult = next.map { .requeue(after: $0) } ?? .done
        guard isChanged || hub != known else { return result }
        let (applied, written) = (conditions, hub)
        _ = try await status.apply(agent.metadata) { writer in
            writer.field("phase", verdict.phase)
            writer.field("observedGeneration", generation)
            writer.field("hub", written)
            writer.field("conditions", applied)
        }
        ledger.wrote(agent.metadata.name)
        announce(verdict, agent)
        return result
    }

    private func announce(_ verdict: AgentStateMachine.Verdict, _ agent: ClusterAgent) {
        if verdict.isRegistering {
            events.record(
                .normal,
                reason: EventReason.agentRegistered,
                message: "the agent has registered for the cluster \(verdict.hub.clusterUID ?? "")",
                about: agent
            )
        }
        let ready = agent.status.conditions[ConditionType.ready]
        guard verdict.phase != agent.status.phase || ready?.reason != verdict.standard.reason else { return }
        logger.info(
            "agent has moved on",
            metadata: [
                "cluster_id": "\(agent.metadata.name)", "phase": "\(verdict.phase)",
                "reason": "\(verdict.standard.reason)",
            ]
        )
        let (severity, reason): (EventRecorder.Severity, String) =
            switch (verdict.phase, verdict.standard.state) {
            case (.online, _): (.normal, EventReason.agentOnline)
            case (.offline, _): (.warning, EventReason.agentOffline)
            case (_, .stalled): (.warning, verdict.standard.reason)
            default: (.normal, verdict.standard.reason)
            }
        events.record(severity, reason: reason, message: verdict.standard.message, about: agent)
    }
}
