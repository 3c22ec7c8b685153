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
    ///
    /// `1.0` and `1e3` are no whole numbers here, as they are none to Kubernetes' own decoder for an integer field.
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
                throw JSONError(
                    code: .typeMismatch,
                    message: "expected a whole number, found one with a fraction or an exponent",
                    offset: position
                )
            }
        }
        position = cursor
        needsComma = true
        return value
    }

    /// Reads a number as the nearest double.
    ///
    /// One that is too small for a double is zero.
    /// - Throws: ``JSONError/Code/numberOutOfRange`` for one that is too large.
    public mutating func readDouble() throws(JSONError) -> Double {
        _ = try nextToken()
        let start = position
        let text = String(decoding: try scanNumber(), as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONError(
                code: .numberOutOfRange,
                message: "the number does not fit a double",
                offset: start
            )
        }
        return value
    }

    /// Moves past a number, checked against the grammar of RFC 8259.
    /// - Returns: its characters as they stand.
    mutating func scanNumber() throws(JSONError) -> UnsafeBufferPointer<UInt8> {
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
        return UnsafeBufferPointer(start: base + start, count: cursor - start)
    }

    @inlinable
    mutating func expectLiteral(_ literal: StaticString) throws(JSONError) {
        let count = literal.utf8CodeUnitCount
        for index in 0..<count {
            guard position + index < end else {
                throw JSONError(code: .unexpectedEnd, message: "the text ends inside '\(literal)'", offset: end)
            }
            guard base[position + index] == literal.utf8Start[index] else {
                throw unexpected(expected: "'\(literal)'")
            }
        }
        position += count
        needsComma = true
    }

    @usableFromInline
    func unexpected(expected: String) -> JSONError {
        let found: String
        switch position < end ? base[position] : nil {
        case nil: found = "the end of the text"
        case let byte? where 0x20...0x7E ~= byte: found = "'\(Unicode.Scalar(byte))'"
        // Anything else could upset the terminal or the log that shows the message.
        case let byte?: found = "the byte 0x\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
        }
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
