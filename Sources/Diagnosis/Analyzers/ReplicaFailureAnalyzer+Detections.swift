// SPDX-License-Identifier: Apache-2.0

extension ReplicaFailureAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .cpuQuotaExceeded,
                kinds: ["Namespace"],
                proof: "Pods are missing, and the newest refusal names a quota that is used up for CPU.",
                remedy: "Raise the quota, or free some of it."
            ),
            Detection(
                .memoryQuotaExceeded,
                kinds: ["Namespace"],
                proof: "Pods are missing, and the newest refusal names a quota that is used up for memory.",
                remedy: "Raise the quota, or free some of it."
            ),
            Detection(
                .podQuotaExceeded,
                kinds: ["Namespace"],
                proof: "Pods are missing, and the newest refusal names a quota that is used up for pods.",
                remedy: "Raise the quota, or free some of it."
            ),
            Detection(
                .storageQuotaExceeded,
                kinds: ["Namespace"],
                proof: "Pods are missing, and the newest refusal names a quota that is used up for storage or claims.",
                remedy: "Raise the quota, or free some of it."
            ),
            Detection(
                .resourceQuotaExceeded,
                kinds: ["Namespace"],
                proof: "Pods are missing, and the newest refusal names a quota that is used up for something else.",
                remedy: "Raise the quota, or free some of it."
            ),
            Detection(
                .quotaRequiresResources,
                kinds: ["Workload"],
                proof: "Pods are missing because a quota wants them to say what they need.",
                remedy: "Set requests and limits, or defaults by a limit range."
            ),
            Detection(
                .limitRangeViolation,
                kinds: ["Workload"],
                proof: "Pods are missing because a limit range does not admit them.",
                remedy: "Stay within the limit range, or change it."
            ),
            Detection(
                .serviceAccountNotFound,
                kinds: ["Workload"],
                proof: "Pods are missing because their ServiceAccount does not exist, and it still does not.",
                remedy: "Create the ServiceAccount, or correct its name."
            ),
            Detection(
                .podSecurityViolation,
                kinds: ["Workload"],
                proof: "Pods are missing because the namespace's pod security level does not admit them.",
                remedy: "Set the security context that the level asks for."
            ),
            Detection(
                .admissionWebhookDenied,
                kinds: ["Workload"],
                proof: "Pods are missing because an admission webhook has refused them.",
                remedy: "Do what its message asks for."
            ),
            Detection(
                .admissionWebhookUnavailable,
                kinds: ["Workload"],
                proof: "Pods are missing because an admission webhook does not answer.",
                remedy: "Look at the pods behind the webhook."
            ),
            Detection(
                .admissionPolicyDenied,
                kinds: ["Workload"],
                proof: "Pods are missing because an admission policy has refused them.",
                remedy: "Do what its message asks for."
            ),
            Detection(
                .priorityClassNotFound,
                kinds: ["Workload"],
                proof: "Pods are missing because their PriorityClass does not exist.",
                remedy: "Create the PriorityClass, or correct its name."
            ),
            Detection(
                .runtimeClassNotFound,
                kinds: ["Workload"],
                proof: "Pods are missing because their RuntimeClass does not exist.",
                remedy: "Create the RuntimeClass, or correct its name."
            ),
            Detection(
                .podTemplateInvalid,
                kinds: ["Workload"],
                proof: "Pods are missing because the template is not valid.",
                remedy: "Correct the field that the message names."
            ),
            Detection(
                .podCreationRefused,
                kinds: ["Workload"],
                proof: "Pods are missing because the API server refuses them, for another reason.",
                remedy: "Look at the quoted message."
            ),
        ]
    }
}
