// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The node that a pod names does not exist.
    public static let nodeNotFound = CauseClass(rawValue: "NodeNotFound")
}

/// Pods that name their node themselves, and name one that does not exist.
///
/// No scheduler looks at such a pod, and no kubelet takes it.
struct NodeNameAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        snapshot.pods.contains { Self.name(in: $0) != nil } ? [Node.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard snapshot.nodes.isComplete(), !snapshot.nodes.items.isEmpty else { return [] }
        let nodes = Set(snapshot.nodes.items.map(\.metadata.name))
        return snapshot.pods.compactMap { pod in
            guard let name = Self.name(in: pod), !nodes.contains(name) else { return nil }
            return snapshot.cause(
                .nodeNotFound,
                of: pod,
                confidence: 0.95,
                message: "it is to run on node \(name), and there is no such node"
                    + (Nearest.of(name, among: nodes).map { "; there is \($0)" } ?? ""),
                evidence: [
                    .field("spec.nodeName", of: pod.reference, "\(name); \(Count.text(nodes.count, "node")) exist"),
                    .field("status.phase", of: pod.reference, pod.status.phase),
                ]
            )
        }
    }

    /// The node that a pod names itself; nil if a scheduler has chosen it, or a kubelet has taken the pod.
    private static func name(in pod: Pod) -> String? {
        // A scheduler that binds a pod says so in its condition.
        guard pod.metadata.deletionTimestamp == nil, pod.status.phase == "Pending",
            pod.status.conditions["PodScheduled"] == nil, pod.status.containerStatuses.isEmpty,
            let name = pod.spec.nodeName, !name.isEmpty
        else { return nil }
        return name
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .nodeNotFound,
            proof: "A pod names its node itself, no kubelet has taken it, and no node has that name.",
            title: "Correct spec.nodeName, or leave it out",
            description:
                "A pod that names its node passes the scheduler by; a node selector says the same and is checked.",
            command: "kubectl get nodes"
        )
    ]

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
