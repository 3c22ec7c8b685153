// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A machine that runs pods (core `v1`).
///
/// Holds what a diagnosis looks at, not the whole object: do not write it back with an update.
public struct Node: Resource, Hashable {
    public static let apiResource = APIResource(
        group: "",
        version: "v1",
        kind: "Node",
        plural: "nodes",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// Whether it is cordoned: it takes no new pods.
    public var isUnschedulable = false

    /// Creates a node.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec": if try !reader.readNull() { try readSpec(from: &reader) }
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readSpec(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "unschedulable": try reader.read(into: &isUnschedulable)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
        }
    }
}
