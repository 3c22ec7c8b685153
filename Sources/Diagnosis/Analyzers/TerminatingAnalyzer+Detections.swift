// SPDX-License-Identifier: Apache-2.0

extension TerminatingAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .finalizerBlocksDeletion,
                kinds: ["Pod", "Workload"],
                proof: "The object ought to have been gone for two minutes, and still has finalizers.",
                remedy: "Look at the controller that is to remove the finalizer."
            ),
            Detection(
                .podStuckTerminating,
                kinds: ["Pod"],
                proof: "The pod ought to have been gone for two minutes, and its kubelet has not confirmed it.",
                remedy: "Look at the kubelet and the runtime of its node."
            ),
        ]
    }
}
