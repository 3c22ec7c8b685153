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

    @usableFromInline
    static func bareControl(at offset: Int) -> JSONError {
        JSONError(code: .invalidString, message: "the string holds a control character unescaped", offset: offset)
    }
}
