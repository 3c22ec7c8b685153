// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Something has to remove the pod's scheduling gates first, and has not.
    public static let schedulingGated = CauseClass(rawValue: "SchedulingGated")
}

/// Pods that nobody may schedule yet.
struct SchedulingGateAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            guard pod.metadata.deletionTimestamp == nil, pod.status.phase == "Pending",
                let scheduled = pod.status.conditions["PodScheduled"], scheduled.status == .false,
                scheduled.reason == "SchedulingGated"
            else { return nil }
            let gates = pod.spec.schedulingGates.sorted().joined(separator: ", ")
            return snapshot.cause(
                .schedulingGated,
                of: pod,
                // A controller may be about to remove them.
                confidence: 0.85,
                message: "the pod may not be scheduled before its scheduling gates are removed"
                    + (gates.isEmpty ? "" : ": \(gates)"),
                evidence: [.field("spec.schedulingGates", of: pod.reference, gates)]
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .schedulingGated, let pod = cause.objects.first else { return [] }
        return [
            Recommendation(
                title: "See who is to remove the scheduling gates",
                description: "The gate's name usually tells which controller sets it; is that one running?",
                command: "kubectl -n \(pod.namespace) get pod \(pod.name) -o jsonpath='{.spec.schedulingGates}'",
                risk: .none
            )
        ]
    }
}
