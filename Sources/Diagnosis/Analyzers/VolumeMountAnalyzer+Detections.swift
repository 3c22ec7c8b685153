// SPDX-License-Identifier: Apache-2.0

extension VolumeMountAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .volumeMultiAttach,
                kinds: ["Workload"],
                proof: "A waiting pod's newest mount event says that the volume is attached to another node.",
                remedy: "Let the other pod end first, or use the strategy Recreate."
            ),
            Detection(
                .volumeAttachFailed,
                kinds: ["Workload"],
                proof: "A waiting pod's volume cannot be attached.",
                remedy: "Look at the volume in the storage system."
            ),
            Detection(
                .volumeMountFailed,
                kinds: ["Workload"],
                proof: "A waiting pod's volume cannot be mounted.",
                remedy: "Look at the volume's server, path and driver."
            ),
            Detection(
                .volumePermissionDenied,
                kinds: ["Workload"],
                proof: "The node may not mount a waiting pod's volume.",
                remedy: "Give the node the right to the volume."
            ),
        ]
    }
}
