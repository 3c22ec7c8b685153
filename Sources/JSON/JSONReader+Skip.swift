// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Moves past the next value without copying it.
    ///
    /// It allocates nothing, and checks quotes and brackets only: what is inside a skipped value is the writer's
    /// business, or that of ``JSONMode/strict``.
    @inlinable
    public mutating func skipValue() throws(JSONError) {
        switch try nextToken() {
        case UInt8(ascii: "\""):
            _ = try scanString()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try skipBrackets()
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"):
            throw unexpected(expected: "a value")
        default:
            try skipScalar()
        }
        needsComma = true
    }

    /// Moves past an object or array; the reader stands on its opening bracket.
    ///
    /// About half of what an API server sends goes through here, so the loop keeps to local variables.
    @usableFromInline
    mutating func skipBrackets() throws(JSONError) {
        var cursor = position
        var open = 0
        while cursor < end {
            switch base[cursor] {
            case UInt8(ascii: "\""):
                position = cursor
                _ = try scanString()
                cursor = position
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                open -= 1
                if open == 0 {
                    position = cursor + 1
                    return
                }
            default: break
            }
            cursor += 1
        }
        throw JSONError(code: .unexpectedEnd, message: "the text ends inside an object or array", offset: end)
    }

    /// Moves past a number or literal, up to the next byte that cannot belong to one.
    @inlinable
    mutating func skipScalar() throws(JSONError) {
        let start = position
        while position < end {
            switch base[position] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0A, 0x0D, 0x09,
                UInt8(ascii: "\""), UInt8(ascii: ":"), UInt8(ascii: "{"), UInt8(ascii: "["):
                guard position > start else { throw unexpected(expected: "a value") }
                return
            default:
                position += 1
            }
        }
    }

    /// Reads the next value as the bytes it is written with.
    ///
    /// The bytes are checked as little as those of a skipped value; ``RawJSON`` checks them.
    public mutating func readRaw() throws(JSONError) -> [UInt8] {
        _ = try nextToken()
        let start = position
        try skipValue()
        return Array(UnsafeBufferPointer(start: base + start, count: position - start))
    }

    /// Fails unless only white space is left.
    public mutating func finish() throws(JSONError) {
        while position < end {
            let byte = base[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
                throw JSONError(code: .trailingData, message: "something follows the value", offset: position)
            }
            position += 1
        }
    }
}
