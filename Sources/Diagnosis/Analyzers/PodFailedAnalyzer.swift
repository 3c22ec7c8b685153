// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The kubelet has ended the pod because its node ran short of something.
    public static let podEvicted = CauseClass(rawValue: "PodEvicted")
    /// The pod was ended in favour of one with a higher priority.
    public static let podPreempted = CauseClass(rawValue: "PodPreempted")
    /// The pod ran longer than it may.
    public static let podDeadlineExceeded = CauseClass(rawValue: "PodDeadlineExceeded")
    /// The kubelet has refused the pod that the scheduler gave it.
    public static let podAdmissionFailed = CauseClass(rawValue: "PodAdmissionFailed")
    /// The node was shut down under the pod.
    public static let nodeShutdown = CauseClass(rawValue: "NodeShutdown")
    /// The kubelet of the pod's node does not report any more.
    public static let kubeletUnavailable = CauseClass(rawValue: "KubeletUnavailable")
}

/// Pods that have failed as a whole, often without a word about any container.
struct PodFailedAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            guard pod.metadata.deletionTimestamp == nil || pod.isLost, let reason = pod.status.reason,
                !reason.isEmpty, pod.status.phase == "Failed" || pod.isLost
            else { return nil }
            // Failed pods stay until somebody cleans up; once others have taken their place they are history.
            let isRepeated = EvictionLoop.isGoingOn(pod, in: snapshot)
            guard pod.isLost || isRepeated || !snapshot.isServed(pod), !JobAttempts.isHistory(pod, in: snapshot) else {
                return nil
            }
            var finding = finding(pod, reason, in: snapshot)
            // Others serve for the moment, until they have used up as much.
            if isRepeated, snapshot.isServed(pod) { finding.confidence = 0.6 }
            return finding
        }
    }

    private func finding(_ pod: Pod, _ reason: String, in snapshot: Snapshot) -> Finding {
        let text = pod.status.message ?? ""
        let (causeClass, message) = Self.judge(reason, text, pod)
        let node = causeClass == .kubeletUnavailable ? pod.spec.nodeName : nil
        var finding = snapshot.cause(
            causeClass,
            of: pod,
            owner: node.map { ObjectReference(apiVersion: "v1", kind: "Node", name: $0) },
            // The pod's own process may have used what the node ran short of, or another one's.
            confidence: causeClass == .podEvicted ? 0.85 : 0.9,
            message: message,
            evidence: [
                .field("status.reason", of: pod.reference, text.isEmpty ? reason : "\(reason): \(text)")
            ]
        )
        if causeClass == .podEvicted, let node = Self.pressedNode(of: pod, text, in: snapshot) {
            finding.related = [node.reference]
        }
        return finding
    }

    /// The node that has evicted a pod for want of something, if it still is short of it.
    private static func pressedNode(of pod: Pod, _ text: String, in snapshot: Snapshot) -> Node? {
        guard text.contains("low on resource"), let name = pod.spec.nodeName, let node = snapshot.nodes[name] else {
            return nil
        }
        let pressures: Set<CauseClass> = [.nodeMemoryPressure, .nodeDiskPressure, .nodeProcessPressure]
        return NodeTrouble.all(of: node, words: "").contains { pressures.contains($0.causeClass) } ? node : nil
    }

    private static func judge(_ reason: String, _ text: String, _ pod: Pod) -> (CauseClass, String) {
        switch reason {
        case "Evicted":
            let resource = text.word(after: "low on resource: ").map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
            let why = resource.map { "its node ran short of \($0)" } ?? quoted(text, pod) ?? "the node does not say why"
            return (.podEvicted, "the pod was evicted: \(why)")
        case "Preempting", "Preempted": return (.podPreempted, "the pod was ended in favour of a more important one")
        case "DeadlineExceeded": return (.podDeadlineExceeded, "the pod ran longer than its activeDeadlineSeconds")
        case "Terminated", "NodeShutdown", "Shutdown": return (.nodeShutdown, "its node was shut down")
        case "NodeLost": return (.kubeletUnavailable, "the kubelet of the node does not report any more")
        default:
            let words = quoted(text, pod).map { ": \($0)" } ?? ""
            return (.podAdmissionFailed, "the kubelet refused the pod with \(reason)\(words)")
        }
    }

    private static func quoted(_ text: String, _ pod: Pod) -> String? {
        text.isEmpty ? nil : StableText.of(text, about: pod.metadata.name)
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl -n \(cause.object.namespace) get pods -o wide",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .podEvicted: (
            "See what used up the node",
            "Pods that use more than they request are evicted first: set requests to what the process needs."
        ),
        .podPreempted: ("Compare the priorities", "A higher priority class, or another node, keeps it running."),
        .podDeadlineExceeded: ("Allow more time, or find out what takes it", "The deadline counts from the start."),
        .podAdmissionFailed: (
            "Look at the node that refused it", "The scheduler and the kubelet disagree about what the node has."
        ),
        .nodeShutdown: ("Delete the failed pod", "Its workload has another one made; nobody cleans this one up."),
    ]
}

extension Pod {
    /// Whether nobody knows any more what the pod does.
    var isLost: Bool { status.phase == "Unknown" || status.reason == "NodeLost" }
}
