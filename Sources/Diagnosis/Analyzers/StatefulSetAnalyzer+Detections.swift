// SPDX-License-Identifier: Apache-2.0

extension StatefulSetAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .governingServiceNotFound,
                kinds: ["StatefulSet"],
                proof: "spec.serviceName names a Service that does not exist.",
                remedy: "Create the headless Service, or correct the name."
            ),
            Detection(
                .storageClassNotFound,
                kinds: ["StatefulSet"],
                proof: "A claim template names a StorageClass that does not exist, while pods are missing.",
                remedy: "Create the StorageClass, or make the StatefulSet anew."
            ),
            Detection(
                .statefulSetOrdinalBlocked,
                kinds: ["StatefulSet"],
                category: .symptom,
                proof: "A pod is not ready, and those with higher ordinals are not made before it is.",
                remedy: "Look at the cause in that pod."
            ),
        ]
    }
}
