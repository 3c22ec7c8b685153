// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime

/// Keeps the status of ClusterAgents: the local one is this process, the others are not supported yet.
struct ClusterAgentReconciler: Reconciler {
    let clusters: Store<ClusterAgent>
    let status: StatusClient<ClusterAgent>
    let client: KubernetesClient
    let events: EventRecorder

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        guard let cluster = clusters[request], cluster.metadata.deletionTimestamp == nil else { return .done }
        let verdict = verdict(on: cluster)
        var conditions = cluster.status.conditions
        let now = Timestamp.now
        verdict.standard.apply(to: &conditions, generation: cluster.metadata.generation, at: now)
        if let online = verdict.online {
            for type in [ConditionType.accepted, ConditionType.registered, ConditionType.online] {
                conditions.set(
                    Condition(
                        type: type,
                        status: online ? .true : .false,
                        reason: verdict.standard.reason,
                        message: verdict.standard.message,
                        observedGeneration: cluster.metadata.generation
                    ),
                    at: now
                )
            }
        }
        let phase: ClusterAgent.Phase = verdict.online == true ? .online : .pending
        guard conditions != cluster.status.conditions || phase != cluster.status.phase else { return .done }
        let applied = conditions
        do throws(KubeError) {
            _ = try await status.apply(cluster.metadata) { writer in
                writer.field("phase", phase)
                writer.field("observedGeneration", cluster.metadata.generation)
                writer.field("conditions", applied)
            }
        } catch {
            guard error.code == .conflict || error.code == .notFound else { throw error }
            return .requeue(after: .milliseconds(50))
        }
        let severity: EventRecorder.Severity = verdict.online == true ? .normal : .warning
        events.record(
            severity,
            reason: verdict.standard.reason,
            message: verdict.standard.message,
            about: cluster
        )
        return .done
    }

    private func verdict(on cluster: ClusterAgent) -> (standard: StandardConditions, online: Bool?) {
        let errors = cluster.validate()
        guard errors.isEmpty else {
            return (StandardConditions(state: .stalled, reason: "InvalidSpec", message: errors.sentence), nil)
        }
        guard cluster.spec.mode == .local else {
            let message =
                "mode \(cluster.spec.mode) is not supported yet; this version looks only at the cluster "
                + "it runs in (mode Local)"
            return (StandardConditions(state: .stalled, reason: "Unsupported", message: message), nil)
        }
        if let first = firstLocal(), first.metadata.name != cluster.metadata.name {
            let message = "ClusterAgent \(first.metadata.name) stands for the local cluster already; delete one of them"
            return (StandardConditions(state: .stalled, reason: "Duplicate", message: message), false)
        }
        let message = "the operator itself looks at this cluster"
        return (StandardConditions(state: .ready, reason: "Online", message: message), true)
    }

    /// The oldest ClusterAgent with mode Local: later ones do not take its place.
    private func firstLocal() -> ClusterAgent? {
        clusters.list()
            .filter { $0.spec.mode == .local && $0.metadata.deletionTimestamp == nil }
            .min { left, right in
                (left.metadata.creationTimestamp ?? .now, left.metadata.name)
                    < (right.metadata.creationTimestamp ?? .now, right.metadata.name)
            }
    }
}
