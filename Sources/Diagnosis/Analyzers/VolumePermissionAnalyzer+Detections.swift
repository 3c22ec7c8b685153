// SPDX-License-Identifier: Apache-2.0

extension VolumePermissionAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .volumePermissionDenied,
                kinds: ["Workload"],
                proof: "A container that ends says in its log that it may not use a path of one of its volumes.",
                remedy: "Compare the owner of the files with runAsUser and fsGroup."
            )
        ]
    }
}
