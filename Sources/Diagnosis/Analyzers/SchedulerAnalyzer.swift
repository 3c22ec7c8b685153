// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Pods stay Pending, and no scheduler says a word about them.
    public static let schedulerUnavailable = CauseClass(rawValue: "SchedulerUnavailable")
}

/// Pods that nobody has tried to schedule.
struct SchedulerAnalyzer: Analyzer {
    /// How long a scheduler may take to say something.
    private static let patience = Duration.seconds(60)

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            guard pod.metadata.deletionTimestamp == nil, pod.status.phase == "Pending",
                pod.spec.nodeName?.isEmpty ?? true, pod.status.conditions["PodScheduled"] == nil,
                let created = pod.metadata.creationTimestamp, snapshot.takenAt.since(created) > Self.patience,
                !snapshot.events(about: pod.reference).contains(where: { $0.reason == "FailedScheduling" })
            else { return nil }
            let scheduler = pod.spec.schedulerName ?? "default-scheduler"
            let isDefault = scheduler == "default-scheduler"
            return snapshot.cause(
                .schedulerUnavailable,
                of: pod,
                // A scheduler of one's own is what the workload names; the default one belongs to the cluster.
                owner: isDefault ? ObjectReference(kind: "ControlPlane", name: "kube-scheduler") : nil,
                severity: isDefault ? .critical : .high,
                confidence: 0.85,
                message: "no scheduler has looked at the pod; \(scheduler) does not seem to run",
                evidence: [
                    .field("status.conditions", of: pod.reference, "no PodScheduled, and no event of a scheduler")
                ]
            )
        }
    }

    var detections: [Detection] {
        [
            Detection(
                .schedulerUnavailable,
                kinds: ["Pod"],
                proof: "No scheduler has said anything about a pod for a minute.",
                remedy: "Look at the pods of the scheduler that is to place it."
            )
        ]
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .schedulerUnavailable else { return [] }
        return [
            Recommendation(
                title: "Look at the scheduler",
                description: "It usually is a pod in kube-system on a control plane node.",
                command: "kubectl -n kube-system get pods -l component=kube-scheduler",
                risk: .none
            )
        ]
    }
}
