// SPDX-License-Identifier: Apache-2.0

/// A number in the notation of its text, such as `1.0`, `1e400` or an integer of more than 64 bits.
///
/// It keeps what no integer or double would give back. Two are equal if they are written the same.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The number as it is written; always one by the grammar of RFC 8259.
    public let text: String

    /// Keeps a number; nil if the text is none by the grammar of RFC 8259.
    public init?(_ text: String) {
        guard let number = try? JSON.decode(JSONNumber.self, from: text), number.text == text else { return nil }
        self = number
    }

    init(checked text: String) { self.text = text }

    /// The number, if it is written without fraction and exponent and fits 64 bits.
    public var integerValue: Int64? { Int64(text) }

    /// The nearest double; nil for a number that is too large for one.
    public var doubleValue: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }

    /// The number as it is written.
    public var description: String { text }
}

extension JSONNumber: JSONDecodable, JSONEncodable {
    /// Reads any number.
    public init(from reader: inout JSONReader) throws(JSONError) {
        _ = try reader.nextToken()
        text = String(decoding: try reader.scanNumber(), as: UTF8.self)
    }

    public func encode(to writer: inout JSONWriter) { writer.raw(text.utf8) }
}
