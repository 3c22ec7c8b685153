// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Fewer pods are ready than wanted: a symptom.
    public static let replicasUnavailable = CauseClass(rawValue: "ReplicasUnavailable")
    /// A pod is not ready: a symptom.
    public static let podNotReady = CauseClass(rawValue: "PodNotReady")
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
        // What owns this one speaks for it; an old ReplicaSet of a Deployment is not to be counted again.
        guard owner.name == reference.name, owner.kind == reference.kind, let wanted = workload.wantedReplicas,
            workload.readyReplicas < wanted
        else { return nil }
        return symptom(
            .replicasUnavailable,
            reference,
            owner,
            "\(workload.readyReplicas) of \(wanted) replicas are ready",
            "status.readyReplicas"
        )
    }

    private func finding(_ pod: Pod, in snapshot: Snapshot) -> Finding? {
        guard pod.metadata.deletionTimestamp == nil, pod.status.phase != "Succeeded", !pod.status.isReady else {
            return nil
        }
        // Failed pods stay until somebody cleans up; others have taken their place.
        guard pod.status.phase != "Failed" || !(snapshot.isServed(pod) || JobAttempts.isHistory(pod, in: snapshot))
        else { return nil }
        return symptom(
            .podNotReady,
            pod.reference,
            snapshot.owner(of: pod),
            "the pod is not ready, its phase is \(pod.status.phase)",
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
