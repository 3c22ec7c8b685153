// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A value that may be written as text or as a whole number, such as a parameter or a resource quantity.
///
/// It is kept the way it was written, so that an object does not change by being read and written.
public enum TextOrNumber: Sendable, Hashable {
    /// A string.
    case text(String)
    /// A whole number.
    case number(Int64)

    /// The value as text, however it was written.
    public var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        }
    }

    /// The value as a whole number: a number, or a text that is one; else nil.
    public var number: Int64? {
        switch self {
        case .text(let text): Int64(text)
        case .number(let number): number
        }
    }

    /// The value as a truth value: the text `true` or `false`; else nil.
    public var bool: Bool? { Bool(text) }
}

extension TextOrNumber: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, CustomStringConvertible {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .number(value) }

    /// The value as text.
    public var description: String { text }
}

extension TextOrNumber: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        switch try reader.peekKind() {
        case .number: self = .number(try reader.readInt64())
        default: self = .text(try reader.readString())
        }
    }

    public func encode(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .number(let number): writer.integer(number)
        }
    }
}
