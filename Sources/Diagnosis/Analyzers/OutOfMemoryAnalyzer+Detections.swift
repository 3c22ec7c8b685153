// SPDX-License-Identifier: Apache-2.0

extension OutOfMemoryAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .outOfMemory,
                kinds: ["Workload"],
                proof:
                    "A container's last run ended with the reason OOMKilled, and it has not been up since for long enough.",
                remedy: "Raise the memory limit, or make the process use less."
            )
        ]
    }
}
