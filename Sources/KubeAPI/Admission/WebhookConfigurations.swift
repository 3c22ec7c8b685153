// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Webhooks that may change objects (`admissionregistration.k8s.io/v1`).
public struct MutatingWebhookConfiguration: ObservedResource {
    public static let apiResource = APIResource(
        group: "admissionregistration.k8s.io",
        version: "v1",
        kind: "MutatingWebhookConfiguration",
        plural: "mutatingwebhookconfigurations",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// The webhooks.
    public var webhooks: [Webhook] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "webhooks": try reader.read(into: &webhooks)
            default: try reader.skipValue()
            }
        }
    }
}

/// Webhooks that may refuse objects (`admissionregistration.k8s.io/v1`).
public struct ValidatingWebhookConfiguration: ObservedResource {
    public static let apiResource = APIResource(
        group: "admissionregistration.k8s.io",
        version: "v1",
        kind: "ValidatingWebhookConfiguration",
        plural: "validatingwebhookconfigurations",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// The webhooks.
    public var webhooks: [Webhook] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "webhooks": try reader.read(into: &webhooks)
            default: try reader.skipValue()
            }
        }
    }
}
