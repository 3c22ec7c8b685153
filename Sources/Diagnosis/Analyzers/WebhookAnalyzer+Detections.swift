// SPDX-License-Identifier: Apache-2.0

extension WebhookAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .webhookServiceNotFound,
                kinds: ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
                proof: "The Service of a webhook does not exist.",
                remedy: "Install the webhook's program again, or delete the configuration."
            ),
            Detection(
                .webhookWithoutPods,
                kinds: ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
                proof: "Neither a pod nor a workload is behind the Service of a webhook.",
                remedy: "Bring the webhook's pods back, or delete the configuration."
            ),
            Detection(
                .webhookCertificateInvalid,
                kinds: ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "Workload"],
                proof: "A workload lacks pods because the API server does not trust the certificate of a "
                    + "webhook.",
                remedy: "Renew the webhook's certificate, and set caBundle to its authority."
            ),
        ]
    }
}
