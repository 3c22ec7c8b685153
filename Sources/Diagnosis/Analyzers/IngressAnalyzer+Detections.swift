// SPDX-License-Identifier: Apache-2.0

extension IngressAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .ingressClassNotFound,
                kinds: ["Ingress"],
                proof: "There is no IngressClass of the name, and no controller has given it an address.",
                remedy: "Name a class that exists, or install the controller."
            ),
            Detection(
                .ingressClassMissing,
                kinds: ["Ingress"],
                proof: "It names no class, and none is the default; too thin to be the answer by itself.",
                remedy: "Set spec.ingressClassName."
            ),
            Detection(
                .ingressBackendNotFound,
                kinds: ["Ingress"],
                proof: "The Service of a backend does not exist in its namespace.",
                remedy: "Create the Service, or correct its name."
            ),
            Detection(
                .ingressBackendPortNotFound,
                kinds: ["Ingress"],
                proof: "The Service of a backend has no port of that number or name.",
                remedy: "Name a port of the Service."
            ),
            Detection(
                .ingressTLSSecretNotFound,
                kinds: ["Ingress"],
                proof: "The Secret of a certificate does not exist, in a list of Secrets that could be read.",
                remedy: "Create the Secret, or correct its name."
            ),
            Detection(
                .ingressRejected,
                kinds: ["Ingress"],
                proof: "The last word of its controller is a warning that refuses it.",
                remedy: "Correct what the controller objects to."
            ),
        ]
    }
}
