// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Refers to an object by nothing but its name, as `clusterRef`, `taskRef` and `planRefs` do.
public struct NameReference: Sendable, Hashable {
    /// The object's name.
    ///
    /// Its kind and namespace follow from the field that holds the reference.
    public var name: String

    /// Creates a reference.
    public init(name: String) { self.name = name }
}

extension NameReference: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(name: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
        }
    }
}
