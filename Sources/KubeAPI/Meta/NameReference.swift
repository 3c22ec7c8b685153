// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Names an object of a kind and namespace that the field implies.
public struct NameReference: Sendable, Hashable {
    /// The name.
    public var name = ""

    /// Creates an empty value.
    public init() {}
}

extension NameReference: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            default: try reader.skipValue()
            }
        }
    }
}
