// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Reads `true` or `false`.
    @inlinable
    public mutating func readBool() throws(JSONError) -> Bool {
        switch try nextToken() {
        case UInt8(ascii: "t"):
            try expectLiteral("true")
            return true
        case UInt8(ascii: "f"):
            try expectLiteral("false")
            return false
        default:
            throw mismatch(expected: "true or false")
        }
    }

    /// Reads a whole number, exactly.
    /// - Throws: ``JSONError/Code/typeMismatch`` for a number with a fraction or an exponent,
    ///   ``JSONError/Code/numberOutOfRange`` for one that does not fit 64 bits.
    @inlinable
    public mutating func readInt64() throws(JSONError) -> Int64 {
        let first = try nextToken()
        let isNegative = first == UInt8(ascii: "-")
        var cursor = isNegative ? position + 1 : position
        let firstDigit = cursor
        var value: Int64 = 0
        while cursor < end {
            let digit = base[cursor] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            // Counting downwards for negative numbers reaches Int64.min, which has no positive twin.
            let (sum, carried) =
                isNegative
                ? product.subtractingReportingOverflow(Int64(digit)) : product.addingReportingOverflow(Int64(digit))
            guard !overflowed, !carried else {
                throw JSONError(
                    code: .numberOutOfRange,
                    message: "the number does not fit a 64-bit integer",
                    offset: position
                )
            }
            value = sum
            cursor += 1
        }
        guard cursor > firstDigit else { throw mismatch(expected: "a whole number") }
        guard cursor == firstDigit + 1 || base[firstDigit] != UInt8(ascii: "0") else {
            throw unexpected(expected: "a number without a leading zero")
        }
        if cursor < end {
            let next = base[cursor]
            guard next != UInt8(ascii: "."), next != UInt8(ascii: "e"), next != UInt8(ascii: "E") else {
                throw mismatch(expected: "a whole number")
            }
        }
        position = cursor
        needsComma = true
        return value
    }

    /// Reads a number as the nearest double.
    public mutating func readDouble() throws(JSONError) -> Double {
        _ = try nextToken()
        let start = position
        let text = try scanNumber()
        guard let value = Double(text), value.isFinite else {
            throw JSONError(
                code: .numberOutOfRange,
                message: "the number does not fit a double",
                offset: start
            )
        }
        return value
    }

    /// Reads the characters of a number as they stand, checked against the grammar of RFC 8259.
    mutating func scanNumber() throws(JSONError) -> String {
        let start = position
        var cursor = position
        func digits(_ reader: borrowing JSONReader) -> Int {
            let from = cursor
            while cursor < reader.end, reader.base[cursor] &- UInt8(ascii: "0") <= 9 { cursor += 1 }
            return cursor - from
        }
        if cursor < end, base[cursor] == UInt8(ascii: "-") { cursor += 1 }
        let startsWithZero = cursor < end && base[cursor] == UInt8(ascii: "0")
        let whole = digits(self)
        guard whole > 0 else { throw mismatch(expected: "a number") }
        guard whole == 1 || !startsWithZero else { throw unexpected(expected: "a number without a leading zero") }
        if cursor < end, base[cursor] == UInt8(ascii: ".") {
            cursor += 1
            guard digits(self) > 0 else { throw unexpected(expected: "a digit after the point") }
        }
        if cursor < end, base[cursor] | 0x20 == UInt8(ascii: "e") {
            cursor += 1
            if cursor < end, base[cursor] == UInt8(ascii: "+") || base[cursor] == UInt8(ascii: "-") { cursor += 1 }
            guard digits(self) > 0 else { throw unexpected(expected: "a digit in the exponent") }
        }
        position = cursor
        needsComma = true
        return String(decoding: UnsafeBufferPointer(start: base + start, count: cursor - start), as: UTF8.self)
    }

    @inlinable
    mutating func expectLiteral(_ literal: StaticString) throws(JSONError) {
        let count = literal.utf8CodeUnitCount
        guard position + count <= end else {
            throw JSONError(code: .unexpectedEnd, message: "the text ends inside '\(literal)'", offset: end)
        }
        for index in 0..<count where base[position + index] != literal.utf8Start[index] {
            throw unexpected(expected: "'\(literal)'")
        }
        position += count
        needsComma = true
    }

    @usableFromInline
    func unexpected(expected: String) -> JSONError {
        let found =
            position < end
            ? "'\(String(decoding: CollectionOfOne(base[position]), as: UTF8.self))'" : "the end of the text"
        return JSONError(code: .unexpectedByte, message: "expected \(expected), found \(found)", offset: position)
    }

    @usableFromInline
    func mismatch(expected: String) -> JSONError {
        guard position < end else { return unexpected(expected: expected) }
        let found: String
        switch base[position] {
        case UInt8(ascii: "{"): found = "an object"
        case UInt8(ascii: "["): found = "an array"
        case UInt8(ascii: "\""): found = "a string"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): found = "true or false"
        case UInt8(ascii: "n"): found = "null"
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): found = "a number"
        default: return unexpected(expected: expected)
        }
        return JSONError(code: .typeMismatch, message: "expected \(expected), found \(found)", offset: position)
    }
}
