// SPDX-License-Identifier: Apache-2.0

extension String: JSONDecodable, JSONEncodable {
    @inlinable
    public init(from reader: inout JSONReader) throws(JSONError) { self = try reader.readString() }
    public func encode(to writer: inout JSONWriter) { writer.string(self) }
}

extension Bool: JSONDecodable, JSONEncodable {
    @inlinable
    public init(from reader: inout JSONReader) throws(JSONError) { self = try reader.readBool() }
    public func encode(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Double: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) { self = try reader.readDouble() }
    public func encode(to writer: inout JSONWriter) { writer.double(self) }
}

extension Int64: JSONDecodable, JSONEncodable {
    @inlinable
    public init(from reader: inout JSONReader) throws(JSONError) { self = try reader.readInt64() }
    public func encode(to writer: inout JSONWriter) { writer.integer(self) }
}

extension Int: JSONDecodable, JSONEncodable {
    @inlinable
    public init(from reader: inout JSONReader) throws(JSONError) { self = Int(try reader.readInt64()) }
    public func encode(to writer: inout JSONWriter) { writer.integer(Int64(self)) }
}

extension Int32: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        let offset = reader.offset
        guard let value = Int32(exactly: try reader.readInt64()) else {
            throw JSONError(
                code: .numberOutOfRange,
                message: "the number does not fit a 32-bit integer",
                offset: offset
            )
        }
        self = value
    }
    public func encode(to writer: inout JSONWriter) { writer.integer(Int64(self)) }
}

extension Array: JSONDecodable where Element: JSONDecodable {
    @inlinable
    public init(from reader: inout JSONReader) throws(JSONError) {
        self = []
        try reader.beginArray()
        while try reader.nextElement() { append(try Element(from: &reader)) }
    }
}

extension Array: JSONEncodable where Element: JSONEncodable {
    public func encode(to writer: inout JSONWriter) {
        writer.array { writer in
            for element in self { element.encode(to: &writer) }
        }
    }
}

extension Dictionary: JSONDecodable where Key == String, Value: JSONDecodable {
    @inlinable
    public init(from reader: inout JSONReader) throws(JSONError) {
        self = [:]
        try reader.beginObject()
        while let key = try reader.nextKey() {
            let name = key.string
            // Kubernetes keeps a null map value as the type's empty value; leaving it out reads the same.
            if try reader.readNull() { continue }
            self[name] = try Value(from: &reader)
        }
    }
}

extension Dictionary: JSONEncodable where Key == String, Value: JSONEncodable {
    /// Writes the keys in order, so that equal dictionaries give equal bytes.
    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            for (key, value) in sorted(by: { $0.key < $1.key }) {
                writer.key(key)
                value.encode(to: &writer)
            }
        }
    }
}
