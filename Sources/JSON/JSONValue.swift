// SPDX-License-Identifier: Apache-2.0
public import OrderedCollections

/// Any JSON value, as a tree that keeps the order of keys and the notation of numbers.
///
/// A text without white space and needless escape sequences that is read and written again is the same text. Of a key
/// that comes twice, the last value stands at the first place; ``JSONMode/strict`` refuses it.
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
    /// A number that is written as a double is: in its shortest form.
    case double(Double)
    /// Any other number, such as `1.0`, `-0`, `1e400` or an integer of more than 64 bits.
    case number(JSONNumber)
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
        switch self {
        case .integer(let value): value
        case .number(let number): number.integerValue
        default: nil
        }
    }

    /// The nearest double, if this is a number that is not too large for one.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .number(let number): number.doubleValue
        default: nil
        }
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
            self.init(number: String(decoding: try reader.scanNumber(), as: UTF8.self))
        case .array:
            self = .array(try [JSONValue](from: &reader))
        case .object:
            var fields: OrderedDictionary<String, JSONValue> = [:]
            try reader.beginObject()
            while let key = try reader.nextKey() {
                let name = key.string
                let offset = reader.offset
                let value = try JSONValue(from: &reader)
                guard fields.updateValue(value, forKey: name) != nil else { continue }
                // To the standard library strings are equal if they look the same. Losing a field over that would be
                // worse than no answer.
                guard fields.index(forKey: name).map({ fields.keys[$0].utf8.elementsEqual(name.utf8) }) ?? false else {
                    throw JSONError(
                        code: .duplicateKey,
                        message: "two keys of the object differ only in how their characters are composed",
                        offset: offset
                    )
                }
            }
            self = .object(fields)
        }
    }

    /// Takes the first case that gives the same text again.
    private init(number text: String) {
        if text == "-0" {
            // As a double it would no longer be the whole number that it is.
            self = .number(JSONNumber(checked: text))
        } else if let whole = Int64(text) {
            self = .integer(whole)
        } else if let number = Double(text), number.isFinite, JSONWriter.text(of: number) == text {
            self = .double(number)
        } else {
            self = .number(JSONNumber(checked: text))
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
        case .number(let value): value.encode(to: &writer)
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
