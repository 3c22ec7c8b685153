// SPDX-License-Identifier: Apache-2.0

extension SchedulingGateAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .schedulingGated,
                kinds: ["Workload"],
                proof: "The pod has scheduling gates that nobody has removed.",
                remedy: "Look at the controller that is to remove the gates."
            )
        ]
    }
}
