// SPDX-License-Identifier: Apache-2.0

extension PodSandboxAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .containerRuntimeUnavailable,
                kinds: ["Node"],
                proof:
                    "The newest event about the sandbox of a waiting pod says that the runtime's socket does not answer.",
                remedy: "Look at the container runtime of the node."
            ),
            Detection(
                .networkPluginFailed,
                kinds: ["Node"],
                proof: "The newest event about the sandbox of a waiting pod is an error of the network plugin.",
                remedy: "Look at the network plugin's pod on the node."
            ),
            Detection(
                .podSandboxFailed,
                kinds: ["Workload"],
                proof: "The sandbox of a waiting pod cannot be made, for another reason.",
                remedy: "Look at the quoted message."
            ),
            Detection(
                .outOfMemory,
                kinds: ["Workload"],
                proof: "The sandbox is killed for memory.",
                remedy: "Raise the memory limit."
            ),
        ]
    }
}
