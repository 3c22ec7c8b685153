// SPDX-License-Identifier: Apache-2.0
public import JSON

/// An object of any kind of which only chosen fields are kept.
///
/// The others are skipped while the text is read and never take memory; so are `managedFields` and the annotation in
/// which `kubectl apply` repeats the whole object. Do not write one back as a replacement: what was skipped would be
/// gone.
public struct ProjectedObject<Selection: FieldSelection>: KubernetesObject, Hashable {
    public var metadata = ObjectMeta()
    /// The chosen fields, at the places where the object has them.
    public var value: JSONValue = [:]

    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata":
                try reader.read(into: &metadata)
                metadata.removeLastAppliedConfiguration()
            default: try Selection.fields.readField(key.string, from: &reader, into: &value)
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        var object = DynamicObject(value)
        object.metadata = metadata
        object.encode(to: &writer)
    }
}

extension ObjectMeta {
    /// Removes the annotation in which `kubectl apply` repeats the whole object.
    public mutating func removeLastAppliedConfiguration() {
        annotations["kubectl.kubernetes.io/last-applied-configuration"] = nil
    }
}
