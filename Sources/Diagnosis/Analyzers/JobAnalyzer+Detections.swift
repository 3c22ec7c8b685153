// SPDX-License-Identifier: Apache-2.0

extension JobAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .jobDeadlineExceeded,
                kinds: ["Job"],
                proof: "The Job has failed with DeadlineExceeded.",
                remedy: "Raise activeDeadlineSeconds, or make the work faster."
            ),
            Detection(
                .jobFailed,
                kinds: ["Job"],
                category: .symptom,
                proof: "The Job has the condition Failed.",
                remedy: "Look at the cause in its pods."
            ),
        ]
    }
}
