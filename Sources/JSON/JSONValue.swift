// SPDX-License-Identifier: Apache-2.0
public import OrderedCollections

/// Any JSON value, as a tree that keeps the order of keys and tells whole numbers from decimal ones.
///
/// For what has no type of its own: custom resources of others, patches, parameters. Where a type exists, decoding
/// straight into it is several times faster and smaller.
public enum JSONValue: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number that is written without fraction and exponent and fits 64 bits.
    case integer(Int64)
    /// Any other number.
    case double(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, its keys in the order of the text.
    case object(OrderedDictionary<String, JSONValue>)

    /// The value under a key, or nil if this is not an object or has no such key.
    ///
    /// Setting makes an object of it.
    public subscript(key: String) -> JSONValue? {
        get {
            guard case .object(let fields) = self else { return nil }
            return fields[key]
        }
        set {
            var fields: OrderedDictionary<String, JSONValue> = [:]
            if case .object(let existing) = self { fields = existing }
            fields[key] = newValue
            self = .object(fields)
        }
    }

    /// The value under a path of keys, or nil if one of them is missing.
    public func value(at path: String...) -> JSONValue? {
        path.reduce(Optional(self)) { $0?[$1] }
    }

    /// The text, if this is a string.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The number, if this is a whole one.
    public var integerValue: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// The truth value, if this is one.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, if this is an array.
    public var arrayValue: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The fields, if this is an object.
    public var objectValue: OrderedDictionary<String, JSONValue>? {
        guard case .object(let value) = self else { return nil }
        return value
    }
}

extension JSONValue: JSONDecodable {
    /// Reads any value.
    public init(from reader: inout JSONReader) throws(JSONError) {
        switch try reader.peekKind() {
        case .null:
            _ = try reader.readNull()
            self = .null
        case .bool:
            self = .bool(try reader.readBool())
        case .string:
            self = .string(try reader.readString())
        case .number:
            let offset = reader.offset
            let text = try reader.scanNumber()
            if let whole = Int64(text) {
                self = .integer(whole)
            } else if let number = Double(text), number.isFinite {
                self = .double(number)
            } else {
                throw JSONError(
                    code: .numberOutOfRange,
                    message: "the number does not fit a double",
                    offset: offset
                )
            }
        case .array:
            self = .array(try [JSONValue](from: &reader))
        case .object:
            var fields: OrderedDictionary<String, JSONValue> = [:]
            try reader.beginObject()
            while let key = try reader.nextKey() {
                let name = key.string
                fields[name] = try JSONValue(from: &reader)
            }
            self = .object(fields)
        }
    }
}

extension JSONValue: JSONEncodable {
    public func encode(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .double(let value): writer.double(value)
        case .string(let value): writer.string(value)
        case .array(let elements): elements.encode(to: &writer)
        case .object(let fields):
            writer.object { writer in
                for (key, value) in fields {
                    writer.key(key)
                    value.encode(to: &writer)
                }
            }
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(OrderedDictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    public init(nilLiteral: ()) { self = .null }
}
