// SPDX-License-Identifier: Apache-2.0

extension WorkloadAvailabilityAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .replicasUnavailable,
                kinds: ["Workload"],
                category: .symptom,
                proof: "Fewer replicas are ready than wanted.",
                remedy: "Look at its pods."
            ),
            Detection(
                .podNotReady,
                kinds: ["Pod"],
                category: .symptom,
                proof: "Its condition Ready is not True, and no other has taken its place.",
                remedy: "Look at its containers."
            ),
        ]
    }
}
