// SPDX-License-Identifier: Apache-2.0
public import JSON

/// An object of any kind, kept whole as a JSON tree.
///
/// For kinds that have no Swift type here. `metadata` is a view onto the tree: reading decodes it, writing replaces
/// it there.
public struct DynamicObject: KubernetesObject, Hashable {
    /// The whole object.
    public var value: JSONValue

    /// Wraps a tree.
    public init(_ value: JSONValue) { self.value = value }

    /// The object's kind; empty if it does not say.
    public var kind: String { value["kind"]?.stringValue ?? "" }

    /// The object's group and version; empty if it does not say.
    public var apiVersion: String { value["apiVersion"]?.stringValue ?? "" }

    /// The object's metadata; what cannot be understood as such reads as empty.
    public var metadata: ObjectMeta {
        get {
            guard let metadata = value["metadata"] else { return ObjectMeta() }
            return (try? JSON.decode(ObjectMeta.self, from: JSON.encode(metadata))) ?? ObjectMeta()
        }
        set {
            value["metadata"] = try? JSON.decode(JSONValue.self, from: JSON.encode(newValue))
        }
    }

    public init(from reader: inout JSONReader) throws(JSONError) { value = try JSONValue(from: &reader) }

    public func encode(to writer: inout JSONWriter) { value.encode(to: &writer) }
}
