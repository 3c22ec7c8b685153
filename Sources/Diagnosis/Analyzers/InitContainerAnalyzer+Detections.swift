// SPDX-License-Identifier: Apache-2.0

extension InitContainerAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .initContainerStuck,
                kinds: ["Workload"],
                proof: "An init container has been running for more than five minutes, and the others wait for it.",
                remedy: "Look at what it waits for; its log usually says."
            )
        ]
    }
}
