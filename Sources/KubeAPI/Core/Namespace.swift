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

    /// Creates a namespace.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
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
