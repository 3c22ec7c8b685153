// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Pods stay Pending, and no scheduler says a word about them.
    public static let schedulerUnavailable = CauseClass(rawValue: "SchedulerUnavailable")
    /// The scheduler that pods name says nothing about them: there may be none of that name.
    public static let schedulerNotFound = CauseClass(rawValue: "SchedulerNotFound")
}

/// Pods that nobody has tried to schedule.
struct SchedulerAnalyzer: Analyzer {
    /// How long a scheduler may take to say something.
    private static let patience = Duration.seconds(60)
    private static let defaultName = "default-scheduler"

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            guard Self.isIgnored(pod, in: snapshot) else { return nil }
            let scheduler = pod.spec.schedulerName ?? Self.defaultName
            return scheduler == Self.defaultName
                ? ownScheduler(pod, in: snapshot) : otherScheduler(scheduler, pod, in: snapshot)
        }
    }

    private static func isIgnored(_ pod: Pod, in snapshot: Snapshot) -> Bool {
        guard pod.metadata.deletionTimestamp == nil, pod.status.phase == "Pending",
            pod.spec.nodeName?.isEmpty ?? true, pod.status.conditions["PodScheduled"] == nil,
            let created = pod.metadata.creationTimestamp, snapshot.takenAt.since(created) > patience
        else { return false }
        return !snapshot.events(about: pod.reference).contains { $0.reason == "FailedScheduling" }
    }

    private static func silence(_ pod: Pod) -> EvidenceItem {
        .field("status.conditions", of: pod.reference, "no PodScheduled, and no event of a scheduler")
    }

    /// The cluster's own scheduler belongs to the control plane.
    private func ownScheduler(_ pod: Pod, in snapshot: Snapshot) -> Finding {
        // Where the scheduler is a program of the node, there is no pod to look at.
        let schedulers = snapshot.allPods.filter { $0.metadata.labels["component"] == "kube-scheduler" }
        let down = schedulers.filter { !$0.status.isReady }
        var finding = snapshot.cause(
            .schedulerUnavailable,
            of: pod,
            owner: ObjectReference(kind: "ControlPlane", name: "kube-scheduler"),
            severity: .critical,
            confidence: schedulers.isEmpty ? 0.85 : down.count == schedulers.count ? 0.97 : 0.6,
            message: "no scheduler has looked at the pod; \(Self.defaultName) does not seem to run",
            evidence: [Self.silence(pod)]
                + down.prefix(3).map { .field("status.conditions[Ready]", of: $0.reference, "not ready") }
        )
        finding.related = down.prefix(3).map(\.reference)
        return finding
    }

    /// A scheduler of one's own is what the workload names.
    private func otherScheduler(_ name: String, _ pod: Pod, in snapshot: Snapshot) -> Finding {
        // If it has placed another pod it is there, or was.
        let isKnown = snapshot.allPods.contains {
            $0.spec.schedulerName == name && $0.spec.nodeName?.isEmpty == false
                && $0.metadata.controllerReference?.kind != "DaemonSet"
        }
        return snapshot.cause(
            isKnown ? .schedulerUnavailable : .schedulerNotFound,
            of: pod,
            confidence: 0.85,
            message: "no scheduler has looked at the pod; \(name), which it names, "
                + (isKnown ? "does not seem to run" : "has never placed a pod here"),
            evidence: [Self.silence(pod), .field("spec.schedulerName", of: pod.reference, name)]
        )
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .schedulerUnavailable,
            kinds: ["ControlPlane", "Workload"],
            proof: "A pod is Pending for more than a minute without a word of any scheduler.",
            title: "Look at the scheduler",
            description: "It usually is a pod in kube-system on a control plane node.",
            command: "kubectl -n kube-system get pods -l component=kube-scheduler"
        ),
        CauseGuide(
            causeClass: .schedulerNotFound,
            proof: "The same, and the scheduler that the pod names has placed no other pod.",
            title: "Correct spec.schedulerName, or start that scheduler",
            description: "Only the scheduler of that name looks at the pod.",
            command: "kubectl get pods --all-namespaces -o custom-columns=NAME:.metadata.name,BY:.spec.schedulerName"
        ),
    ]

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
