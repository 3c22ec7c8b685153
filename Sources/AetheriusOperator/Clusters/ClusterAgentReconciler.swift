// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// Carries ClusterAgents from the object that somebody applied to an agent that is there, and back.
struct ClusterAgentReconciler: Reconciler {
    /// How long a deletion waits for a far cluster that does not answer.
    static let farewell = Duration.seconds(60)

    let clusters: Store<ClusterAgent>
    let heartbeats: HeartbeatMonitor
    let provisioner: AgentProvisioner
    let status: StatusClient<ClusterAgent>
    let client: KubernetesClient
    let events: EventRecorder
    let logger: Logger
    var machine = AgentStateMachine()

    private var finalizer: KubeRuntime.Finalizer<ClusterAgent> {
        KubeRuntime.Finalizer(AetheriusAPI.Finalizer.clusterAgent, client: client)
    }

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        guard let agent = clusters[request] else {
            heartbeats.forget(request.name)
            provisioner.records.forget(request.name)
            return .done
        }
        guard agent.metadata.deletionTimestamp == nil else {
            return try await finalizer.reconcile(agent) { _ in
                .done
            } cleanUp: {
                try await cleanUp($0)
            }
        }
        do throws(KubeError) {
            return try await settle(agent)
        } catch {
            guard error.code == .conflict || error.code == .notFound else { throw error }
            return .requeue(after: .milliseconds(50))
        }
    }

    private func settle(_ agent: ClusterAgent) async throws(KubeError) -> ReconcileResult {
        let errors = agent.validate(hasDefaultServer: provisioner.hosting.hubServer != nil)
        if !errors.isEmpty {
            var verdict = AgentStateMachine.Verdict(
                phase: agent.status.phase ?? .pending,
                hub: agent.status.hub ?? ClusterAgent.Hub(),
                conditions: [],
                standard: StandardConditions(state: .stalled, reason: "InvalidSpec", message: errors.sentence)
            )
            // An agent that was told to go goes, whatever else is wrong.
            if !agent.spec.accepted, agent.metadata.finalizers.contains(finalizer.name) {
                try await provisioner.revoke(agent)
                verdict.phase = .pending
            }
            return try await write(verdict, to: agent)
        }
        if agent.isInProcess { return try await settleLocal(agent) }
        guard let kept = try await (agent.spec.accepted ? finalizer.add(to: agent) : agent) else { return .done }
        return try await settleAgent(kept)
    }

    private func settleLocal(_ agent: ClusterAgent) async throws(KubeError) -> ReconcileResult {
        if agent.metadata.finalizers.contains(finalizer.name) {
            // It had a Deployment of its own before.
            provisioner.records.forget(agent.metadata.name)
            try await provisioner.revoke(agent)
            try await finalizer.remove(from: agent)
            provisioner.records.forget(agent.metadata.name)
            return .requeue(after: .milliseconds(50))
        }
        let first = clusters.list()
            .filter { $0.spec.mode == .local && $0.metadata.deletionTimestamp == nil && $0.isOlder(than: agent) }
            .min { $0.isOlder(than: $1) }
        let uid = try await provisioner.hub.uid()
        return try await write(
            LocalAgentVerdict.verdict(on: agent, first: first?.metadata.name, clusterUID: uid),
            to: agent
        )
    }

    private func settleAgent(_ agent: ClusterAgent) async throws(KubeError) -> ReconcileResult {
        var agent = agent
        var outcome: AgentProvisioner.Outcome
        var failure: KubeError?
        if agent.spec.accepted {
            do throws(KubeError) {
                outcome = try await provisioner.grant(agent)
            } catch {
                guard ![.conflict, .cancelled].contains(error.code) else { throw error }
                outcome = AgentProvisioner.Outcome(deployment: .notMade(error))
                failure = error
            }
        } else {
            try await provisioner.revoke(agent)
            heartbeats.forget(agent.metadata.name)
            outcome = AgentProvisioner.Outcome(deployment: .unneeded)
        }
        let limit = Duration.seconds(agent.spec.heartbeat.offlineAfterSeconds)
        let verdict = machine.verdict(
            on: AgentStateMachine.View(
                agent: agent,
                pinnedUID: agent.metadata.annotations[AnnotationKey.clusterUID],
                twin: try await twin(of: agent),
                heartbeat: heartbeats.observation(of: agent.metadata.name, limit: limit),
                deployment: outcome.deployment,
                bootstrapExpiry: outcome.bootstrapExpiry,
                now: .now
            )
        )
        if verdict.isRegistering, let uid = verdict.hub.clusterUID { agent = try await pin(uid, on: agent) }
        let result = try await write(verdict, to: agent)
        if let failure { throw failure }
        guard agent.spec.accepted, !verdict.phase.isAlive else { return result }
        // Nobody tells the hub of what happens in a far cluster, or that a Secret is there now.
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
        let own = try await provisioner.hub.uid()
        return clusters.list().first { other in
            guard other.metadata.name != agent.metadata.name, other.metadata.deletionTimestamp == nil else {
                return false
            }
            let theirs = other.isInProcess ? own : other.metadata.annotations[AnnotationKey.clusterUID]
            return theirs == uid && other.isOlder(than: agent)
        }?.metadata.name
    }

    private func cleanUp(_ agent: ClusterAgent) async throws {
        let asked = agent.metadata.deletionTimestamp ?? .now
        let isLate = Timestamp.now.since(asked) >= Self.farewell
        let leftBehind = try await provisioner.remove(agent, givesUp: isLate)
        heartbeats.forget(agent.metadata.name)
        guard let leftBehind else { return }
        let message =
            "the agent could not be removed from its cluster; it has no rights here any more, but its Deployment is "
            + "still in \(AgentNames.Remote.namespace) there: \(leftBehind)"
        events.record(.warning, reason: EventReason.agentLeftBehind, message: message, about: agent)
        logger.warning(
            "an agent could not be removed from its cluster",
            metadata: ["cluster_id": "\(agent.metadata.name)", "error": "\(leftBehind)"]
        )
    }
}
