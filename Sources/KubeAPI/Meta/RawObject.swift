// SPDX-License-Identifier: Apache-2.0
public import JSON

/// An object of any kind, kept whole as the text that came, and understood on demand.
///
/// For keeping many objects of which all fields may be wanted one day: a text takes a fraction of the memory of the tree
/// that a ``DynamicObject`` is, and nothing of it is lost, `managedFields` included. Each look at it reads the text
/// again, ``metadata`` some microseconds, ``decode(_:)`` all of it.
///
/// Two are equal if their texts are.
public struct RawObject: KubernetesObject, Hashable {
    /// The whole object.
    public private(set) var json: RawJSON

    /// Wraps a text.
    public init(_ json: RawJSON) { self.json = json }

    /// The object's metadata; what cannot be understood as such reads as empty.
    ///
    /// Setting it reads the text as a tree, changes the fields that differ from what was read and writes it again.
    public var metadata: ObjectMeta {
        get {
            let metadata = try? JSON.withReader(json.bytes) { (reader: inout JSONReader) throws(JSONError) in
                try reader.beginObject()
                while let key = try reader.nextKey() {
                    switch key {
                    // What follows it, most of the text, need not be looked at.
                    case "metadata": return try ObjectMeta(from: &reader)
                    default: try reader.skipValue()
                    }
                }
                return ObjectMeta()
            }
            return metadata ?? ObjectMeta()
        }
        set {
            var object = DynamicObject((try? json.decode()) ?? [:])
            object.metadata = newValue
            json = RawJSON(encoding: object)
        }
    }

    /// Reads the object as some type.
    /// - Throws: `JSONError` if it is no such object.
    public func decode<Object: KubernetesObject>(_ type: Object.Type = Object.self) throws(JSONError) -> Object {
        try json.decode()
    }

    public init(from reader: inout JSONReader) throws(JSONError) { json = try RawJSON(from: &reader) }

    public func encode(to writer: inout JSONWriter) { json.encode(to: &writer) }
}
