// SPDX-License-Identifier: Apache-2.0

extension JSONString {
    /// The first byte that is not part of a well-formed UTF-8 sequence; nil if there is none.
    static func firstMalformed(in base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
        let tops: UInt64 = 0x8080_8080_8080_8080
        var cursor = start
        while cursor < end {
            // Most text is ASCII: eight bytes at a step.
            if cursor + 8 <= end, UnsafeRawPointer(base + cursor).loadUnaligned(as: UInt64.self) & tops == 0 {
                cursor += 8
            } else if base[cursor] < 0x80 {
                cursor += 1
            } else if let count = sequenceLength(in: base, at: cursor, to: end) {
                cursor += count
            } else {
                return cursor
            }
        }
        return nil
    }

    /// The length of the sequence of several bytes that begins at a byte; nil if it is none.
    ///
    /// The ranges are those of RFC 3629, section 4: they leave out overlong forms, surrogates, and what lies beyond
    /// U+10FFFF.
    private static func sequenceLength(in base: UnsafePointer<UInt8>, at start: Int, to end: Int) -> Int? {
        let count: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch base[start] {
        case 0xC2...0xDF: count = 2
        case 0xE0:
            count = 3
            second = 0xA0...0xBF
        case 0xED:
            count = 3
            second = 0x80...0x9F
        case 0xE1...0xEF: count = 3
        case 0xF0:
            count = 4
            second = 0x90...0xBF
        case 0xF1...0xF3: count = 4
        case 0xF4:
            count = 4
            second = 0x80...0x8F
        default: return nil
        }
        guard start + count <= end, second.contains(base[start + 1]) else { return nil }
        for index in start + 2..<start + count where base[index] & 0xC0 != 0x80 { return nil }
        return count
    }
}
