// SPDX-License-Identifier: Apache-2.0
public import JSON

/// An object of any kind of which only the metadata is known (`meta.k8s.io/v1`).
///
/// A client of it asks the server to send nothing else, so that following a large kind by names, labels or owners
/// costs a small part of what the objects would.
public struct PartialObjectMetadata: KubernetesObject, Hashable {
    public var metadata = ObjectMeta()

    /// Wraps metadata.
    public init(metadata: ObjectMeta = ObjectMeta()) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", "meta.k8s.io/v1")
            writer.field("kind", "PartialObjectMetadata")
            writer.field("metadata", metadata)
        }
    }
}
