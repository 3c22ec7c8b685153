// SPDX-License-Identifier: Apache-2.0

extension ClusterDNSAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .clusterDNSUnavailable,
                kinds: ["Workload"],
                proof: "No pod behind Service kube-system/kube-dns is ready; the cause only if none is wanted.",
                remedy: "Bring the DNS pods back."
            )
        ]
    }
}
