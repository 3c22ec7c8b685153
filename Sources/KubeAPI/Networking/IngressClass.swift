// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Who serves Ingresses (`networking.k8s.io/v1`).
public struct IngressClass: ObservedResource {
    public static let apiResource = APIResource(
        group: "networking.k8s.io",
        version: "v1",
        kind: "IngressClass",
        plural: "ingressclasses",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// The controller.
    public var controller = ""

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    /// Whether Ingresses without a class get this one.
    public var isDefault: Bool { metadata.annotations["ingressclass.kubernetes.io/is-default-class"] == "true" }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "controller": try reader.read(into: &controller)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
