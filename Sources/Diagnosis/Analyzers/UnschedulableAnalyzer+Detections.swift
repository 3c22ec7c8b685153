// SPDX-License-Identifier: Apache-2.0

extension UnschedulableAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .insufficientCPU,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled, and the scheduler says that no usable node has the CPU free that it requests.",
                remedy: "Request less CPU, or add nodes."
            ),
            Detection(
                .insufficientMemory,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled, and the scheduler says that no usable node has the memory free that it requests.",
                remedy: "Request less memory, or add nodes."
            ),
            Detection(
                .insufficientNodeResources,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled, and the scheduler says that no usable node has enough of another resource.",
                remedy: "Request less, or add nodes."
            ),
            Detection(
                .untoleratedTaint,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled, and the scheduler says that the nodes have taints that it does not tolerate.",
                remedy: "Add a toleration, or remove the taint."
            ),
            Detection(
                .nodeSelectorMismatch,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled, and the scheduler says that no node carries the labels of its node selector.",
                remedy: "Correct the node selector, or label a node."
            ),
            Detection(
                .nodeAffinityMismatch,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled, and the scheduler says that no node satisfies its required node affinity.",
                remedy: "Correct the affinity, or label a node."
            ),
            Detection(
                .podAntiAffinityConflict,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled, and the scheduler says that its required anti-affinity leaves no node.",
                remedy: "Relax the anti-affinity, or add nodes."
            ),
            Detection(
                .podAffinityMismatch,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled, and the scheduler says that no node runs the pods that it has to be with.",
                remedy: "Correct the affinity, or start those pods."
            ),
            Detection(
                .nodeCordoned,
                kinds: ["Workload"],
                proof: "The pod is not scheduled, and the scheduler says that the nodes that would fit are cordoned.",
                remedy: "Uncordon a node."
            ),
            Detection(
                .nodeNotReady,
                kinds: ["Workload"],
                proof: "The pod is not scheduled, and the scheduler says that the nodes that would fit are not ready.",
                remedy: "Look at the nodes."
            ),
            Detection(
                .claimUnbound,
                kinds: ["Workload"],
                proof: "The pod is not scheduled, and the scheduler says that a claim of it is not bound.",
                remedy: "Look at the claim."
            ),
            Detection(
                .claimNotFound,
                kinds: ["Workload"],
                proof: "The pod is not scheduled, and the scheduler says that a claim of it does not exist.",
                remedy: "Create the claim, or correct its name."
            ),
            Detection(
                .volumeNodeAffinityConflict,
                kinds: ["Workload"],
                proof: "The pod is not scheduled, and the scheduler says that its volume is where no usable node is.",
                remedy: "Add a node in the volume's zone, or move the data."
            ),
            Detection(
                .volumeLimitExceeded,
                kinds: ["Workload"],
                proof: "The pod is not scheduled, and the scheduler says that the nodes can take no more volumes.",
                remedy: "Add nodes."
            ),
            Detection(
                .hostPortConflict,
                kinds: ["Workload"],
                proof: "The pod is not scheduled, and the scheduler says that its host port is taken on every node.",
                remedy: "Use another port, or a Service."
            ),
            Detection(
                .topologySpreadConflict,
                kinds: ["Workload"],
                proof: "The pod is not scheduled, and the scheduler says that no node satisfies its topology spread.",
                remedy: "Relax the constraint, or add nodes."
            ),
            Detection(
                .podUnschedulable,
                kinds: ["Workload"],
                proof:
                    "The pod is not scheduled for more than a minute, and the scheduler says why in words that stand for none of the others.",
                remedy: "Read the scheduler's words; they often are those of a plugin."
            ),
        ]
    }
}
