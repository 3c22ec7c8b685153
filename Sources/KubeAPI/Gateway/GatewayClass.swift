// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Who serves Gateways (Gateway API).
public struct GatewayClass: ObservedResource {
    public static let apiResource = APIResource(
        group: "gateway.networking.k8s.io",
        version: "v1",
        kind: "GatewayClass",
        plural: "gatewayclasses",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// The controller.
    public var controllerName = ""
    /// `Accepted`.
    public var conditions: [Condition] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "controllerName": try reader.read(into: &controllerName)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "conditions": try reader.read(into: &conditions)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
