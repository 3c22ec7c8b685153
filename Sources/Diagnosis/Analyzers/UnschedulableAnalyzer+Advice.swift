// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension UnschedulableAnalyzer {
    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: advice.command + (advice.isNamespaced ? " -n \(cause.object.namespace)" : ""),
                risk: .none
            )
        ]
    }

    private struct Advice {
        var title: String
        var description: String
        var command: String
        var isNamespaced = false
    }

    private static let advice: [CauseClass: Advice] = [
        .insufficientCPU: Advice(
            title: "Request less CPU, or add a node",
            description: "Requests count, not use. A request larger than every node's capacity never fits.",
            command: "kubectl describe nodes"
        ),
        .insufficientMemory: Advice(
            title: "Request less memory, or add a node",
            description: "Requests count, not use. A request larger than every node's capacity never fits.",
            command: "kubectl describe nodes"
        ),
        .untoleratedTaint: Advice(
            title: "Tolerate the taint, or remove it",
            description: "Somebody has set it to keep pods off; ask why before you remove it.",
            command: "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints"
        ),
        .nodeSelectorMismatch: Advice(
            title: "Correct the node selector, or label a node",
            description: "Look for a typing error in the label.",
            command: "kubectl get nodes --show-labels"
        ),
        .nodeAffinityMismatch: Advice(
            title: "Correct the node affinity, or label a node",
            description: "Look for a typing error in the label.",
            command: "kubectl get nodes --show-labels"
        ),
        .podAntiAffinityConflict: Advice(
            title: "Want fewer replicas, add nodes, or prefer instead of require",
            description: "Each replica needs a node of its own as long as the anti-affinity is required.",
            command: "kubectl get pods -o wide",
            isNamespaced: true
        ),
        .nodeCordoned: Advice(
            title: "Uncordon a node that fits",
            description: "Somebody has cordoned it, often for maintenance; ask before you change it.",
            command: "kubectl get nodes"
        ),
        .claimBeingDeleted: Advice(
            title: "Create the claim anew once it is gone",
            description: "Somebody has deleted it; it goes when the last pod that uses it does.",
            command: "kubectl get pvc",
            isNamespaced: true
        ),
        .claimNotFound: Advice(
            title: "Create the claim, or correct its name",
            description: "A pod sees only the claims of its own namespace.",
            command: "kubectl get pvc",
            isNamespaced: true
        ),
    ]
}
