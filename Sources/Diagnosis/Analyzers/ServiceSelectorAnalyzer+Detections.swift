// SPDX-License-Identifier: Apache-2.0

extension ServiceSelectorAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .serviceSelectorMismatch,
                kinds: ["Service"],
                proof: "Its selector matches no pod, or those of another app, while a workload is "
                    + "recognizable as the one that is meant.",
                remedy: "Let the selector name labels of the pod template."
            ),
            Detection(
                .serviceWithoutPods,
                kinds: ["Service"],
                category: .symptom,
                proof: "No pod matches its selector.",
                remedy: "Look at the workload behind it."
            ),
            Detection(
                .serviceWithoutReadyPods,
                kinds: ["Service"],
                category: .symptom,
                proof: "None of the pods behind it is ready, and it publishes only those that are.",
                remedy: "Look at the pods behind it."
            ),
        ]
    }
}
