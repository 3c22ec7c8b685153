// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Fewer pods are ready than wanted: a symptom.
    public static let replicasUnavailable = CauseClass(rawValue: "ReplicasUnavailable")
    /// A pod is not ready: a symptom.
    public static let podNotReady = CauseClass(rawValue: "PodNotReady")
    /// A Job has failed: a symptom of what its pods did.
    public static let jobFailed = CauseClass(rawValue: "JobFailed")
}

/// Workloads and pods that do not do their work, whatever the reason.
///
/// Its findings are symptoms. They tell a healthy workload from one whose trouble nobody has explained yet.
struct WorkloadAvailabilityAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.workloads.compactMap { finding($0, in: snapshot) }
            + snapshot.pods.compactMap { finding($0, in: snapshot) }
    }

    private func finding(_ workload: Workload, in snapshot: Snapshot) -> Finding? {
        guard workload.metadata.deletionTimestamp == nil else { return nil }
        let reference = workload.reference
        let owner = snapshot.owner(of: workload.metadata, kind: workload.kind, apiVersion: reference.apiVersion)
        if workload.kind == "Job" {
            guard let failed = workload.status.conditions["Failed"], failed.status == .true else { return nil }
            return symptom(
                .jobFailed,
                reference,
                owner,
                "the Job has failed: \(failed.message)",
                "status.conditions[Failed]"
            )
        }
        // What owns this one speaks for it; an old ReplicaSet of a Deployment is not to be counted again.
        guard owner.name == reference.name, owner.kind == reference.kind, let wanted = workload.wantedReplicas,
            workload.readyReplicas < wanted
        else { return nil }
        let refused = workload.status.conditions["ReplicaFailure"].flatMap { $0.status == .true ? $0.message : nil }
        return symptom(
            .replicasUnavailable,
            reference,
            owner,
            "\(workload.readyReplicas) of \(wanted) replicas are ready"
                + (refused.map { "; pods cannot be created: \($0)" } ?? ""),
            "status.readyReplicas"
        )
    }

    private func finding(_ pod: Pod, in snapshot: Snapshot) -> Finding? {
        guard pod.metadata.deletionTimestamp == nil, pod.status.phase != "Succeeded", !pod.status.isReady else {
            return nil
        }
        let reason = pod.status.conditions["PodScheduled"].flatMap { $0.status == .false ? $0.message : nil }
        return symptom(
            .podNotReady,
            pod.reference,
            snapshot.owner(of: pod),
            "the pod is not ready, its phase is \(pod.status.phase)" + (reason.map { ": \($0)" } ?? ""),
            "status.phase"
        )
    }

    private func symptom(
        _ causeClass: CauseClass,
        _ object: ObjectReference,
        _ owner: ObjectReference,
        _ message: String,
        _ source: String
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: object,
            owner: owner,
            severity: .medium,
            message: message,
            confidence: 0.9,
            isCause: false,
            evidence: [EvidenceItem(kind: .object, source: source, object: object, text: message)]
        )
    }
}

extension Workload {
    /// A reference to the workload.
    var reference: ObjectReference {
        ObjectReference(
            apiVersion: Self.kinds.first { $0.kind == kind }?.apiVersion ?? "",
            kind: kind,
            namespace: metadata.namespace ?? "",
            name: metadata.name,
            uid: metadata.uid
        )
    }
}
