// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What a list says about itself.
public struct ListMeta: Sendable, Hashable {
    /// The version at which a watch of the same collection continues.
    public var resourceVersion: String?
    /// Where the next page starts; nil or empty on the last page.
    public var continueToken: String?
    /// How many objects later pages hold; servers leave it out where a selector is used.
    public var remainingItemCount: Int64?

    /// Creates the metadata of an empty list.
    public init() {}
}

extension ListMeta: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "resourceVersion": try reader.read(into: &resourceVersion)
            case "continue": try reader.read(into: &continueToken)
            case "remainingItemCount": try reader.read(into: &remainingItemCount)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("resourceVersion", resourceVersion)
            writer.field("continue", continueToken)
            writer.field("remainingItemCount", remainingItemCount)
        }
    }
}

/// One page of a collection.
public struct ResourceList<Object: KubernetesObject>: Sendable {
    /// The list's own metadata.
    public var metadata = ListMeta()
    /// The objects.
    public var items: [Object] = []

    /// Creates a list.
    public init(metadata: ListMeta = ListMeta(), items: [Object] = []) {
        self.metadata = metadata
        self.items = items
    }
}

extension ResourceList: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "items": try reader.read(into: &items)
            default: try reader.skipValue()
            }
        }
    }
}
