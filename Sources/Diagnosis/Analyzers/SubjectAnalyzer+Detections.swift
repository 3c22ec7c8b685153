// SPDX-License-Identifier: Apache-2.0

extension SubjectAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .targetNotFound,
                kinds: ["Workload"],
                category: .symptom,
                proof: "The object that is asked about does not exist.",
                remedy: "Check its name and namespace."
            )
        ]
    }
}
