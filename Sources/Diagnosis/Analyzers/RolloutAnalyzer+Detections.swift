// SPDX-License-Identifier: Apache-2.0

extension RolloutAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .rolloutStuck,
                kinds: ["Deployment"],
                category: .symptom,
                proof: "The condition Progressing is False.",
                remedy: "Look at the cause in its new pods."
            )
        ]
    }
}
