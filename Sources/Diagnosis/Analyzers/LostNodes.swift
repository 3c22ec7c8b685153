// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// The nodes in trouble that would have room for a pod which finds no node.
///
/// The scheduler counts a lost node among those with a taint, and tells of the others that they are full. They may have
/// always been: what is new is that the node is lost.
struct LostNodes {
    let pod: Pod
    let snapshot: Snapshot

    /// The taints that Kubernetes sets on a node in trouble.
    private static let taints: Set<String> = Set(
        ["unreachable", "not-ready", "memory-pressure", "disk-pressure", "pid-pressure"].map {
            "node.kubernetes.io/\($0)"
        }
    )

    /// The nodes, by their order in the snapshot.
    /// - Parameters:
    ///   - message: what the scheduler says about the pod.
    ///   - isAboutResources: whether the other nodes lack what the pod requests.
    func all(_ message: SchedulerMessage, isAboutResources: Bool) -> [Node] {
        snapshot.nodes.items.filter { node in
            isLost(node, message) && !NodeTrouble.all(of: node, words: "").isEmpty && pod.selects(node)
                && isLargeEnough(node)
                && (isAboutResources && hasRoom(node) || hadSibling(node))
        }
    }

    /// Whether the scheduler does not count with the node, for what Kubernetes itself or a cordon does.
    private func isLost(_ node: Node, _ message: SchedulerMessage) -> Bool {
        message.reasons.contains { reason in
            switch reason.causeClass {
            case .nodeCordoned: return node.isUnschedulable
            case .untoleratedTaint:
                let keys = pod.untolerated(node).map(\.key).filter(Self.taints.contains)
                // Some versions do not say which taint it is.
                return !keys.isEmpty
                    && (!reason.text.contains("{") || keys.contains { reason.text.contains("{\($0)") })
            default: return false
            }
        }
    }

    /// Whether the pod does not request more than the whole node has.
    private func isLargeEnough(_ node: Node) -> Bool {
        ["cpu", "memory"].allSatisfy { resource in
            (node.allocatable[resource] ?? node.capacity[resource]).map { pod.spec.requested(resource) <= $0 } ?? true
        }
    }

    /// Whether the pod would fit beside those that stay on the node.
    private func hasRoom(_ node: Node) -> Bool {
        guard snapshot.coverage[Pod.apiResource.kind, default: .nothing] == .everything else { return false }
        let staying = snapshot.pods(on: node.metadata.name).filter {
            $0.metadata.deletionTimestamp == nil && !["Succeeded", "Failed"].contains($0.status.phase)
        }
        let wanted = ["cpu", "memory"].filter { pod.spec.requested($0) > .zero }
        return !wanted.isEmpty
            && wanted.allSatisfy { resource in
                guard let whole = node.allocatable[resource] ?? node.capacity[resource] else { return false }
                let used = staying.reduce(Quantity.zero) { $0 + $1.spec.requested(resource) }
                return used + pod.spec.requested(resource) <= whole
            }
    }

    /// Whether a pod like this one is just leaving the node.
    private func hadSibling(_ node: Node) -> Bool {
        guard let controller = pod.metadata.controllerReference else { return false }
        return snapshot.pods(controlledBy: controller.uid).contains { sibling in
            sibling.spec.nodeName == node.metadata.name
                && (sibling.metadata.deletionTimestamp != nil || sibling.status.reason == "Evicted")
        }
    }
}
