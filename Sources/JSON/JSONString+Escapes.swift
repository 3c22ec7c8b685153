// SPDX-License-Identifier: Apache-2.0

extension JSONString {
    /// Resolves the escape sequences of RFC 8259 section 7.
    @usableFromInline
    static func unescape(_ bytes: UnsafeBufferPointer<UInt8>, offset: Int) throws(JSONError) -> String {
        String(decoding: try unescapedBytes(bytes, offset: offset), as: UTF8.self)
    }

    /// The same, as the bytes of the text.
    ///
    /// A lone surrogate is no character: U+FFFD stands for it, as in Kubernetes' own decoder.
    @usableFromInline
    static func unescapedBytes(_ bytes: UnsafeBufferPointer<UInt8>, offset: Int) throws(JSONError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            let escape = try escape(in: bytes, at: index, offset: offset)
            if let ascii = escape.scalar, ascii.value < 0x80 {
                output.append(UInt8(ascii.value))
            } else {
                output.append(contentsOf: Unicode.UTF8.encode(escape.scalar ?? "\u{FFFD}") ?? .init())
            }
            index += escape.count
        }
        return output
    }

    /// Fails at the first escape sequence that is none, without allocating.
    @usableFromInline
    static func checkEscapes(
        _ bytes: UnsafeBufferPointer<UInt8>,
        offset: Int,
        refusesLoneSurrogates: Bool = false
    ) throws(JSONError) {
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            let escape = try escape(in: bytes, at: index, offset: offset)
            if escape.scalar == nil, refusesLoneSurrogates {
                throw JSONError(
                    code: .invalidString,
                    message: "the string holds half of a surrogate pair, which is no character",
                    offset: offset + index
                )
            }
            index += escape.count
        }
    }

    /// Whether a string with valid escape sequences stands for a literal, without allocating.
    @usableFromInline
    static func isEqual(_ bytes: UnsafeBufferPointer<UInt8>, to literal: StaticString) -> Bool {
        let other = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
        var index = 0
        var matched = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\") else {
                guard matched < other.count, bytes[index] == other[matched] else { return false }
                index += 1
                matched += 1
                continue
            }
            guard let escape = try? escape(in: bytes, at: index, offset: 0),
                let unit = Unicode.UTF8.encode(escape.scalar ?? "\u{FFFD}")
            else { return false }
            for byte in unit {
                guard matched < other.count, byte == other[matched] else { return false }
                matched += 1
            }
            index += escape.count
        }
        return matched == other.count
    }

    /// Reads the escape sequence at a backslash.
    /// - Returns: its character, or nil for half of a surrogate pair; and how many bytes it has.
    private static func escape(
        in bytes: UnsafeBufferPointer<UInt8>,
        at index: Int,
        offset: Int
    ) throws(JSONError) -> (scalar: Unicode.Scalar?, count: Int) {
        guard index + 1 < bytes.count else { throw invalidEscape(at: offset + index) }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return (Unicode.Scalar(bytes[index + 1]), 2)
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"): break
        default: throw invalidEscape(at: offset + index)
        }
        let unit = try hexadecimal(bytes, at: index + 2, offset: offset)
        guard UTF16.isLeadSurrogate(unit), index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
            bytes[index + 7] == UInt8(ascii: "u")
        else { return (Unicode.Scalar(UInt32(unit)), 6) }
        let trail = try hexadecimal(bytes, at: index + 8, offset: offset)
        guard UTF16.isTrailSurrogate(trail) else { return (nil, 6) }
        return (Unicode.Scalar(0x10000 + (UInt32(unit & 0x3FF) << 10) + UInt32(trail & 0x3FF)), 12)
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

    private static func invalidEscape(at offset: Int) -> JSONError {
        JSONError(code: .invalidString, message: "the string holds a bad escape sequence", offset: offset)
    }
}
