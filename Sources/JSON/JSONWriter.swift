// SPDX-License-Identifier: Apache-2.0

/// Writes JSON into a byte array, without white space.
///
/// The writer puts the commas and colons; the caller keeps the order of begin and end.
///
/// ```swift
/// writer.object { writer in
///     writer.field("name", name)
///     writer.field("labels", labels)  // left out when nil
/// }
/// ```
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Creates a writer with nothing written.
    public init() {}

    /// Writes an object whose fields the closure writes.
    public mutating func object(_ fields: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        fields(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements the closure writes.
    public mutating func array(_ elements: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        elements(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes a field, or nothing if the value is nil.
    public mutating func field<Value: JSONEncodable>(_ name: StaticString, _ value: Value?) {
        guard let value else { return }
        key("\(name)")
        value.encode(to: &self)
    }

    /// Writes a field that is an object of its own.
    public mutating func field(_ name: StaticString, object fields: (inout JSONWriter) -> Void) {
        key("\(name)")
        object(fields)
    }

    /// Writes a key; the value has to follow.
    public mutating func key(_ name: String) {
        separate()
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string.
    public mutating func string(_ value: String) {
        separate()
        appendQuoted(value)
        needsComma = true
    }

    /// Writes a whole number.
    public mutating func integer(_ value: Int64) { token(String(value)) }

    /// Writes a number in the shortest form that reads back as the same double.
    ///
    /// JSON has no infinities and no not-a-number: those become `null`.
    public mutating func double(_ value: Double) {
        token(Self.text(of: value))
    }

    static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) { token(value ? "true" : "false") }

    /// Writes `null`.
    public mutating func null() { token("null") }

    /// Writes bytes that already are one JSON value.
    public mutating func raw(_ value: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: value)
        needsComma = true
    }

    private mutating func token(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func appendQuoted(_ value: String) {
        var value = value
        bytes.append(UInt8(ascii: "\""))
        value.withUTF8 { utf8 in
            var start = 0
            for index in 0..<utf8.count {
                let byte = utf8[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes.append(contentsOf: utf8[start..<index])
                appendEscaped(byte)
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: [
                UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), digits[Int(byte >> 4)],
                digits[Int(byte & 0xF)],
            ])
        }
    }
}
