// SPDX-License-Identifier: Apache-2.0

extension ScaledToZeroAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .workloadScaledToZero,
                kinds: ["Workload"],
                proof: "No replicas are wanted of the workload that is asked about, or of one whose Service "
                    + "leads to nothing because of it.",
                remedy: "Scale it up."
            )
        ]
    }
}
