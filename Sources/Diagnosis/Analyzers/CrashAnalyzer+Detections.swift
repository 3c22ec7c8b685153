// SPDX-License-Identifier: Apache-2.0

extension CrashAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .applicationCrash,
                kinds: ["Workload"],
                proof:
                    "A container keeps ending with an exit code other than 0, or has ended so for good, and nothing more special is known.",
                remedy: "Read the quoted line, and the log before it; starting it again does not help."
            ),
            Detection(
                .containerExitedEarly,
                kinds: ["Workload"],
                proof: "A container ends with exit code 0 and the kubelet backs off from starting it again.",
                remedy: "Give the container a command that stays, or make a Job of it."
            ),
        ]
    }
}
