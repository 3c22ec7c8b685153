// SPDX-License-Identifier: Apache-2.0

extension JobAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .jobBackoffLimitExceeded,
                kinds: ["Job"],
                proof: "The Job has failed with BackoffLimitExceeded, and none of its pods is left.",
                remedy: "Run it again with restartPolicy Never, which keeps failed pods, and read their log."
            ),
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
