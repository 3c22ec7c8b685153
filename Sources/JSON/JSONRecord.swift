// SPDX-License-Identifier: Apache-2.0

/// A type that is a JSON object with one field for each of some of its properties.
///
/// Listing the fields is all that there is to write; reading and writing come from them.
///
/// ```swift
/// struct Span: JSONRecord {
///     static let fields = [Field("from", \.from), Field("to", \.to)]
///     var from = 0
///     var to: Int?
/// }
/// ```
///
/// A field that is absent or null keeps the value that ``init()`` gave the property, an optional property that is nil
/// is left out, and fields of other names are passed over. Where every microsecond counts, write
/// ``JSONDecodable/init(from:)`` by hand: it saves a call for each field.
public protocol JSONRecord: JSONDecodable, JSONEncodable {
    /// One field of the record.
    typealias Field = JSONField<Self>

    /// The fields, in the order in which they are written; no name comes twice.
    static var fields: [Field] { get }

    /// Creates the record that an empty object stands for.
    init()
}

extension JSONRecord {
    /// Reads an object.
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        let fields = Self.fields
        while let key = try reader.nextKey() {
            guard let field = fields.first(where: { $0.name ~= key }) else {
                try reader.skipValue()
                continue
            }
            try field.read(&self, &reader)
        }
    }

    /// Writes an object.
    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in encodeFields(to: &writer) }
    }

    /// Writes the fields alone, into an object that is being written.
    public func encodeFields(to writer: inout JSONWriter) {
        for field in Self.fields { field.write(self, &writer) }
    }
}

/// A field of a ``JSONRecord``: its name, and the property that it stands for.
public struct JSONField<Record>: Sendable {
    let name: StaticString
    let read: @Sendable (inout Record, inout JSONReader) throws(JSONError) -> Void
    let write: @Sendable (Record, inout JSONWriter) -> Void

    /// A field that is always written.
    /// - Parameters:
    ///   - name: the field's name.
    ///   - property: what it is read into and written from.
    public init<Value: JSONCodable & Sendable>(
        _ name: StaticString,
        _ property: any WritableKeyPath<Record, Value> & Sendable
    ) {
        self.name = name
        read = { (record, reader) throws(JSONError) in try reader.read(into: &record[keyPath: property]) }
        write = { record, writer in writer.field(name, record[keyPath: property]) }
    }

    /// A field that is left out while the property is nil.
    /// - Parameters:
    ///   - name: the field's name.
    ///   - property: what it is read into and written from.
    public init<Value: JSONCodable & Sendable>(
        _ name: StaticString,
        _ property: any WritableKeyPath<Record, Value?> & Sendable
    ) {
        self.name = name
        read = { (record, reader) throws(JSONError) in try reader.read(into: &record[keyPath: property]) }
        write = { record, writer in writer.field(name, record[keyPath: property]) }
    }
}
