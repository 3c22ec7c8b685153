// SPDX-License-Identifier: Apache-2.0

extension PortConflictAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .containerPortConflict,
                kinds: ["Workload"],
                proof: "A container of a pod with several keeps ending, and its log says that its port is in "
                    + "use.",
                remedy: "Give one of the containers another port."
            )
        ]
    }
}
