// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Workloads that lack pods in a namespace whose quota has no room for one more, without a refusal on record.
///
/// Events are forgotten after an hour, and not every kind of workload has a condition for refusals.
struct PodQuotaAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        snapshot.workloads.contains(where: ReplicaFailureAnalyzer.isShortOfPods) ? [ResourceQuota.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.workloads.flatMap { workload -> [Finding] in
            guard workload.metadata.deletionTimestamp == nil, ReplicaFailureAnalyzer.isShortOfPods(workload),
                ReplicaFailureAnalyzer.refusal(of: workload, in: snapshot) == nil,
                !Self.isHeldUp(workload, in: snapshot)
            else { return [] }
            let namespace = workload.metadata.namespace ?? ""
            let shortages = QuotaShortage.all(
                in: namespace,
                needs: QuotaShortage.needs(of: workload.template),
                snapshot
            )
            return shortages.map { finding($0, workload, in: snapshot) }
        }
    }

    /// A StatefulSet makes its pods one after the other: it may lack one because the one before is not ready.
    private static func isHeldUp(_ workload: Workload, in snapshot: Snapshot) -> Bool {
        workload.kind == "StatefulSet" && workload.podManagementPolicy != "Parallel"
            && workload.status.readyReplicas < workload.status.replicas
    }

    private func finding(_ shortage: QuotaShortage, _ workload: Workload, in snapshot: Snapshot) -> Finding {
        let owner = snapshot.owner(
            of: workload.metadata,
            kind: workload.kind,
            apiVersion: workload.reference.apiVersion
        )
        let namespace = workload.metadata.namespace ?? ""
        return Finding(
            causeClass: shortage.causeClass,
            object: owner,
            owner: Namespace.apiResource.reference(namespace),
            severity: .high,
            message: "quota \(shortage.quota.metadata.name) has no room for another pod: too little "
                + "\(shortage.resource) is left",
            confidence: 0.8,
            isCause: true,
            evidence: [
                shortage.evidence,
                .field(
                    "status.replicas",
                    of: workload.reference,
                    "\(workload.status.replicas) of \(workload.replicas ?? 1) pods exist"
                ),
            ],
            related: [shortage.quota.reference, owner]
        )
    }

    var detections: [Detection] {
        [CauseClass.cpuQuotaExceeded, .memoryQuotaExceeded, .podQuotaExceeded].map {
            Detection(
                $0,
                kinds: ["Namespace"],
                proof: "A workload lacks pods, and a quota of the namespace leaves less than one of them needs.",
                remedy: "Raise the quota, or request less."
            )
        }
    }
}
