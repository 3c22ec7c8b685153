// SPDX-License-Identifier: Apache-2.0

extension APIExtensionAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .apiServiceUnavailable,
                kinds: ["APIService"],
                proof: "Its condition Available is False.",
                remedy: "Look at the server behind it."
            ),
            Detection(
                .customResourceDefinitionNotEstablished,
                kinds: ["CustomResourceDefinition"],
                proof: "Its condition Established is False.",
                remedy: "Correct the definition."
            ),
            Detection(
                .customResourceDefinitionNamesConflict,
                kinds: ["CustomResourceDefinition"],
                proof: "Its condition NamesAccepted is False.",
                remedy: "Delete one of the definitions, or give it other names."
            ),
            Detection(
                .conversionWebhookNotFound,
                kinds: ["CustomResourceDefinition"],
                proof: "The Service that converts its objects does not exist.",
                remedy: "Install the webhook's program again."
            ),
        ]
    }
}
