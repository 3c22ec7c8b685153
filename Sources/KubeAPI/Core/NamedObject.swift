// SPDX-License-Identifier: Apache-2.0
public import JSON

/// An object of any kind of which only its metadata matters.
public struct NamedObject: KubernetesObject, Hashable {
    public var metadata: ObjectMeta

    /// Creates an object by its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) { writer.object { $0.field("metadata", metadata) } }
}
