// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A scope for names (core `v1`).
public struct Namespace: Resource, Hashable {
    public static let apiResource = APIResource(
        group: "",
        version: "v1",
        kind: "Namespace",
        plural: "namespaces",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// `Active`, or `Terminating` while its content is being deleted.
    public var phase = ""
    /// While it is being deleted: what the deletion waits for, such as `NamespaceContentRemaining`.
    public var conditions: [Condition] = []
    /// What has to be done before it may go, besides the finalizers of its metadata.
    public var specFinalizers: [String] = []

    /// Creates a namespace.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec": if try !reader.readNull() { try readSpec(from: &reader) }
            case "status": if try !reader.readNull() { try readStatus(from: &reader) }
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readStatus(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "phase": try reader.read(into: &phase)
            case "conditions": try reader.read(into: &conditions)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readSpec(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "finalizers": try reader.read(into: &specFinalizers)
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
