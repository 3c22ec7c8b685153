// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A way to run containers (`node.k8s.io/v1`).
public struct RuntimeClass: ObservedResource {
    public static let apiResource = APIResource(
        group: "node.k8s.io",
        version: "v1",
        kind: "RuntimeClass",
        plural: "runtimeclasses",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// What the container runtime of a node calls it.
    public var handler = ""
    /// The labels of the nodes that have it.
    public var nodeSelector: [String: String] = [:]

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "handler": try reader.read(into: &handler)
            case "scheduling":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "nodeSelector": try reader.read(into: &nodeSelector)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
