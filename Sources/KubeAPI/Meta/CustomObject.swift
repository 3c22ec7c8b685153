// SPDX-License-Identifier: Apache-2.0
public import JSON

/// An object of a kind that has no type of its own here, as far as the API conventions tell what its fields mean.
///
/// Much lighter than a ``DynamicObject``: it keeps the conditions of its status and nothing else.
public struct CustomObject: KubernetesObject, Hashable {
    /// The group and version.
    public var apiVersion = ""
    /// The kind.
    public var kind = ""
    public var metadata: ObjectMeta
    /// `status.phase`, an older convention; empty if there is none.
    public var phase = ""
    /// `status.conditions`; those that do not have the standard shape are left out.
    public var conditions: [Condition] = []
    /// `status.observedGeneration`: the generation of the spec that the status is about.
    public var observedGeneration: Int64?
    /// What its spec names.
    public var links = CustomObjectLinks()

    /// Creates an object without a status.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "apiVersion": try reader.read(into: &apiVersion)
            case "kind": try reader.read(into: &kind)
            case "metadata": try reader.read(into: &metadata)
            case "spec": try links.read(from: &reader)
            case "status":
                guard try reader.peekKind() == .object else { return try reader.skipValue() }
                try readStatus(from: &reader)
            default: try reader.skipValue()
            }
        }
    }

    /// Not every author follows the conventions, so each field is looked at before it is read.
    private mutating func readStatus(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            let kind = try reader.peekKind()
            switch key {
            case "phase" where kind == .string: phase = try reader.readString()
            case "observedGeneration" where kind == .number:
                observedGeneration = try? JSON.decode(Int64.self, from: reader.readRaw())
            case "conditions" where kind == .array:
                try reader.beginArray()
                while try reader.nextElement() {
                    let condition = try? JSON.decode(Condition.self, from: reader.readRaw())
                    if let condition, !condition.type.isEmpty { conditions.append(condition) }
                }
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", apiVersion)
            writer.field("kind", kind)
            writer.field("metadata", metadata)
        }
    }
}
