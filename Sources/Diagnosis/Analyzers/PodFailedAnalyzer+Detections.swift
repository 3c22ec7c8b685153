// SPDX-License-Identifier: Apache-2.0

extension PodFailedAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .podEvicted,
                kinds: ["Workload"],
                proof: "The pod failed with Evicted, and no other has taken its place.",
                remedy: "Free what the node is short of, or request what the pod needs."
            ),
            Detection(
                .podPreempted,
                kinds: ["Workload"],
                proof: "The pod was ended for one of a higher priority, and no other has taken its place.",
                remedy: "Add capacity, or give it a higher priority."
            ),
            Detection(
                .podDeadlineExceeded,
                kinds: ["Workload"],
                proof: "The pod failed with DeadlineExceeded.",
                remedy: "Raise activeDeadlineSeconds of the pod, or make the work faster."
            ),
            Detection(
                .podAdmissionFailed,
                kinds: ["Workload"],
                proof: "The kubelet has refused a pod that was scheduled to it.",
                remedy: "Look at what the node lacks; the quoted message says."
            ),
            Detection(
                .nodeShutdown,
                kinds: ["Node"],
                proof: "The pod failed because its node was shut down.",
                remedy: "Start the node, or remove it from the cluster."
            ),
            Detection(
                .kubeletUnavailable,
                kinds: ["Node"],
                proof: "Pods of a node have the reason NodeLost or Unknown.",
                remedy: "Look at the kubelet of the node."
            ),
        ]
    }
}
