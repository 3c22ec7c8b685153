// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Settings (core `v1`).
///
/// Of settings that are no text only the names are kept, and they are not written: change a ConfigMap that has some by
/// server-side apply or a patch, which leave alone what is not named. `update` would remove them.
public struct ConfigMap: Resource, Hashable {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")

    public var metadata: ObjectMeta
    /// The settings.
    public var data: [String: String] = [:]
    /// The names of the settings that are no text.
    public var binaryKeys: Set<String> = []

    /// Creates an object.
    public init(metadata: ObjectMeta, data: [String: String] = [:]) {
        self.metadata = metadata
        self.data = data
    }

    /// Whether there is a setting of a name.
    public func contains(key: String) -> Bool { data[key] != nil || binaryKeys.contains(key) }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "data": try reader.read(into: &data)
            case "binaryData": binaryKeys = try reader.readKeys()
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
            writer.field("data", data)
        }
    }
}

extension JSONReader {
    /// Reads the keys of an object without keeping any of its values.
    mutating func readKeys() throws(JSONError) -> Set<String> {
        var keys: Set<String> = []
        try readFields { (key, reader) throws(JSONError) in
            keys.insert(key.string)
            try reader.skipValue()
        }
        return keys
    }
}
