// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Settings (core `v1`).
public struct ConfigMap: ObservedResource {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")

    public var metadata: ObjectMeta
    /// The settings.
    public var data: [String: String] = [:]
    /// The names of the settings that are no text.
    public var binaryKeys: Set<String> = []

    /// Creates an empty object.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

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
