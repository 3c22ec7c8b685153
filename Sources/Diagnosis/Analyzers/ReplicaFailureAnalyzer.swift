// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Workloads whose pods the API server refuses to store.
///
/// The present state is the ReplicaFailure condition, or, for kinds that have none, pods that are missing while the
/// newest word of the controller is a refusal.
struct ReplicaFailureAnalyzer: Analyzer {
    func lookups(in snapshot: Snapshot) -> [ObjectReference] {
        snapshot.workloads.compactMap { workload in
            Self.refusal(of: workload, in: snapshot).flatMap { Self.account(CreationRefusal($0.text), of: workload) }
        }
    }

    /// The ServiceAccount that is said to be missing.
    private static func account(_ verdict: CreationRefusal, of workload: Workload) -> ObjectReference? {
        verdict.serviceAccount.map {
            ObjectReference(
                apiVersion: "v1",
                kind: "ServiceAccount",
                namespace: workload.metadata.namespace ?? "",
                name: $0
            )
        }
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.workloads.compactMap { finding($0, in: snapshot) }
    }

    /// The refusal that a workload suffers at present; nil if there is none.
    static func refusal(of workload: Workload, in snapshot: Snapshot) -> EvidenceItem? {
        guard workload.metadata.deletionTimestamp == nil, isShortOfPods(workload) else { return nil }
        if let failure = workload.status.conditions["ReplicaFailure"], failure.status == .true,
            failure.reason == "FailedCreate", !failure.message.isEmpty
        {
            return .field("status.conditions[ReplicaFailure]", of: workload.reference, failure.message)
        }
        let events = snapshot.events(about: workload.reference)
        guard let latest = events.first(where: { ["FailedCreate", "SuccessfulCreate"].contains($0.reason) }),
            latest.reason == "FailedCreate"
        else { return nil }
        return .event(latest, about: workload.reference)
    }

    /// Whether pods are wanted that have not been stored.
    static func isShortOfPods(_ workload: Workload) -> Bool {
        switch workload.kind {
        case "Deployment": false
        case "DaemonSet": workload.status.currentNumberScheduled < workload.status.desiredNumberScheduled
        case "Job":
            !workload.isSuspended && workload.status.active == 0
                && !["Complete", "Failed"].contains { workload.status.conditions.isTrue($0) }
        default: workload.status.replicas < workload.replicas ?? 1
        }
    }

    private func finding(_ workload: Workload, in snapshot: Snapshot) -> Finding? {
        guard let refusal = Self.refusal(of: workload, in: snapshot) else { return nil }
        let reference = workload.reference
        let owner = snapshot.owner(of: workload.metadata, kind: workload.kind, apiVersion: reference.apiVersion)
        let verdict = CreationRefusal(refusal.text)
        var evidence = [refusal]
        if let object = Self.account(verdict, of: workload) {
            // If it is there by now the next attempt succeeds; the refusal is of the past.
            if let exists = snapshot.exists(object) {
                guard !exists else { return nil }
                evidence.append(.field("metadata", of: object, "there is no such ServiceAccount"))
            }
        }
        return Finding(
            causeClass: verdict.causeClass,
            object: owner,
            owner: verdict.isOfNamespace
                ? ObjectReference(apiVersion: "v1", kind: "Namespace", name: reference.namespace) : owner,
            severity: .high,
            message: verdict.message,
            confidence: verdict.confidence,
            isCause: true,
            evidence: evidence
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = CreationRefusal.advice[cause.causeClass] else { return [] }
        let namespace = cause.object.kind == "Namespace" ? cause.object.name : cause.object.namespace
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl -n \(namespace) \(advice.command)",
                risk: .none
            )
        ]
    }
}
