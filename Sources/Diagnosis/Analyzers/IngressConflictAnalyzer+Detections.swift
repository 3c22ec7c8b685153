// SPDX-License-Identifier: Apache-2.0

extension IngressConflictAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .ingressPathConflict,
                kinds: ["Ingress"],
                proof: "An older Ingress of the same class leads the same path of the same host to another "
                    + "Service.",
                remedy: "Give one of them another host or path."
            )
        ]
    }
}
