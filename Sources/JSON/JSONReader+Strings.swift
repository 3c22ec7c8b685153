// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Reads a string.
    ///
    /// Bytes that are not valid UTF-8 become U+FFFD, as in Kubernetes' own decoder.
    @inlinable
    public mutating func readString() throws(JSONError) -> String {
        guard try nextToken() == UInt8(ascii: "\"") else { throw mismatch(expected: "a string") }
        let opening = position
        let span = try scanString()
        guard span.isEscaped else {
            return String(decoding: UnsafeBufferPointer(start: base + span.start, count: span.count), as: UTF8.self)
        }
        return try JSONString.unescape(
            UnsafeBufferPointer(start: base + span.start, count: span.count),
            offset: opening + 1
        )
    }

    /// Moves past a string; the reader stands on its opening quote.
    @inlinable
    mutating func scanString() throws(JSONError) -> (start: Int, count: Int, isEscaped: Bool) {
        let start = position + 1
        var cursor = start
        var isEscaped = false
        while true {
            cursor = JSONString.firstSpecial(in: base, from: cursor, to: end)
            guard cursor < end else {
                throw JSONError(code: .unexpectedEnd, message: "the text ends inside a string", offset: end)
            }
            if base[cursor] == UInt8(ascii: "\"") {
                position = cursor + 1
                needsComma = true
                return (start, cursor - start, isEscaped)
            }
            guard base[cursor] == UInt8(ascii: "\\") else { throw JSONString.bareControl(at: cursor) }
            isEscaped = true
            cursor += 2
        }
    }
}

/// The parts of reading strings that need no reader.
@usableFromInline
enum JSONString {
    /// Finds the first quote, backslash or control character, eight bytes at a step.
    ///
    /// A word minus 0x01…01 borrows into the top bit of a byte exactly when that byte is zero, and exclusive-or with
    /// a repeated character turns "equals that character" into "is zero"; minus 0x20…20 does the same for all bytes
    /// below 0x20. Bytes above the first hit may be marked wrongly, which is why only the first one counts. Vector
    /// types were measured nine times slower than this on plain x86-64.
    @inlinable @inline(__always)
    static func firstSpecial(in base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        var cursor = start
        while cursor + 8 <= end {
            let word = UnsafeRawPointer(base + cursor).loadUnaligned(as: UInt64.self).littleEndian
            let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let controls = (word &- (ones &* 0x20)) & ~word
            let found = (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | controls) & tops
            if found != 0 { return cursor + found.trailingZeroBitCount >> 3 }
            cursor += 8
        }
        while cursor < end, base[cursor] >= 0x20, base[cursor] != UInt8(ascii: "\""), base[cursor] != UInt8(ascii: "\\")
        {
            cursor += 1
        }
        return cursor
    }

    /// Resolves the escape sequences of RFC 8259 section 7.
    @usableFromInline
    static func unescape(_ bytes: UnsafeBufferPointer<UInt8>, offset: Int) throws(JSONError) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\") else {
                output.append(byte)
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { throw invalidEscape(at: offset + index) }
            switch bytes[index + 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(bytes[index + 1])
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                let unit = try hexadecimal(bytes, at: index + 2, offset: offset)
                index += 4
                var scalar = Unicode.Scalar(UInt32(unit))
                if UTF16.isLeadSurrogate(unit), index + 3 < bytes.count, bytes[index + 2] == UInt8(ascii: "\\"),
                    bytes[index + 3] == UInt8(ascii: "u")
                {
                    let trail = try hexadecimal(bytes, at: index + 4, offset: offset)
                    if UTF16.isTrailSurrogate(trail) {
                        scalar = Unicode.Scalar(
                            0x10000 + (UInt32(unit & 0x3FF) << 10) + UInt32(trail & 0x3FF)
                        )
                        index += 6
                    }
                }
                // A lone surrogate is no character; Go's decoder also replaces it.
                output.append(contentsOf: String(Character(scalar ?? "\u{FFFD}")).utf8)
            default: throw invalidEscape(at: offset + index)
            }
            index += 2
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func hexadecimal(
        _ bytes: UnsafeBufferPointer<UInt8>,
        at start: Int,
        offset: Int
    ) throws(JSONError) -> UInt16 {
        guard start + 4 <= bytes.count else { throw invalidEscape(at: offset + start) }
        var value: UInt16 = 0
        for index in start..<start + 4 {
            let digit: UInt8
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[index] - UInt8(ascii: "A") + 10
            default: throw invalidEscape(at: offset + index)
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    @usableFromInline
    static func bareControl(at offset: Int) -> JSONError {
        JSONError(code: .invalidString, message: "the string holds a control character unescaped", offset: offset)
    }

    private static func invalidEscape(at offset: Int) -> JSONError {
        JSONError(code: .invalidString, message: "the string holds a bad escape sequence", offset: offset)
    }
}
