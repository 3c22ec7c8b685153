// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Workloads whose pods the API server refuses to store.
///
/// The present state is the ReplicaFailure condition, or, for kinds that have none, pods that are missing while the
/// newest word of the controller is a refusal.
struct ReplicaFailureAnalyzer: Analyzer {
    func lookups(in snapshot: Snapshot) -> [ObjectReference] {
        snapshot.workloads.compactMap { workload in
            Self.refusal(of: workload, in: snapshot).flatMap { Self.missing(CreationRefusal($0.text), of: workload) }
        }
    }

    /// The object that is said to be missing.
    private static func missing(_ verdict: CreationRefusal, of workload: Workload) -> ObjectReference? {
        let namespace = workload.metadata.namespace ?? ""
        if let account = verdict.serviceAccount {
            return ServiceAccount.apiResource.reference(account, in: namespace)
        }
        switch verdict.causeClass {
        case .priorityClassNotFound:
            return workload.template.priorityClassName.map { PriorityClass.apiResource.reference($0) }
        case .runtimeClassNotFound:
            return workload.template.runtimeClassName.map { RuntimeClass.apiResource.reference($0) }
        default: return nil
        }
    }

    /// The other objects that a refusal is about.
    private static func related(
        _ verdict: CreationRefusal,
        _ workload: Workload,
        in snapshot: Snapshot
    ) -> [ObjectReference] {
        let namespace = workload.metadata.namespace ?? ""
        if let quota = verdict.quota { return [ResourceQuota.apiResource.reference(quota, in: namespace)] }
        // What is wrong behind it is why it does not answer.
        if let service = verdict.service { return [service] }
        if verdict.causeClass == .limitRangeViolation {
            return snapshot.limitRanges.items(in: namespace).map(\.reference)
        }
        if verdict.causeClass == .podSecurityViolation { return [Namespace.apiResource.reference(namespace)] }
        return missing(verdict, of: workload).map { [$0] } ?? []
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
        if let object = Self.missing(verdict, of: workload), let exists = snapshot.exists(object) {
            // If it is there by now the next attempt succeeds; the refusal is of the past.
            guard !exists else { return nil }
            evidence.append(.field("metadata", of: object, "there is no such \(object.kind)"))
        }
        if let quota = verdict.quota.flatMap({ snapshot.resourceQuotas[$0, in: reference.namespace] }) {
            let resource = verdict.resource ?? ""
            if let hard = quota.hard[resource] {
                let used = quota.used[resource] ?? .zero
                evidence.append(QuotaShortage(quota: quota, resource: resource, hard: hard, used: used).evidence)
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
            evidence: evidence,
            related: Self.related(verdict, workload, in: snapshot) + (verdict.isOfNamespace ? [owner] : [])
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
