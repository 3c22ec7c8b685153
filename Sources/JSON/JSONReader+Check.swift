// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// What has to come next in a text that is checked.
    private enum Due {
        case value
        case firstElement
        case firstKey
        case key
        /// A comma or closing bracket, or the end of the text.
        case separator
    }

    /// Moves past one whole text, and fails at the first byte that RFC 8259 or a limit forbids.
    ///
    /// It keeps its own stack, so that nesting costs one byte a level and no recursion.
    @usableFromInline
    mutating func checkText(_ limits: JSONLimits) throws(JSONError) {
        try checkSize(limits)
        var keys = JSONKeySet(base: base)
        // Whether each open bracket is that of an object.
        var open: [Bool] = []
        var due = Due.value
        while true {
            if due == .separator, open.isEmpty { return try finish() }
            let byte = try nextToken()
            let isObject = open.last ?? false
            switch (due, byte) {
            case (.value, UInt8(ascii: "{")), (.firstElement, UInt8(ascii: "{")):
                try checkDepth(open.count, limits)
                open.append(true)
                keys.beginObject()
                position += 1
                due = .firstKey
            case (.value, UInt8(ascii: "[")), (.firstElement, UInt8(ascii: "[")):
                try checkDepth(open.count, limits)
                open.append(false)
                position += 1
                due = .firstElement
            case (.firstElement, UInt8(ascii: "]")),
                (.separator, UInt8(ascii: "]")) where !isObject:
                open.removeLast()
                position += 1
                due = .separator
            case (.firstKey, UInt8(ascii: "}")),
                (.separator, UInt8(ascii: "}")) where isObject:
                open.removeLast()
                keys.endObject()
                position += 1
                due = .separator
            case (.separator, UInt8(ascii: ",")):
                position += 1
                due = isObject ? .key : .value
            case (.separator, _):
                throw unexpected(expected: isObject ? "',' or '}'" : "',' or ']'")
            case (.firstKey, _), (.key, _):
                try checkKey(&keys, limits)
                due = .value
            case (.value, _), (.firstElement, _):
                try checkScalar(byte, limits)
                due = .separator
            }
        }
    }

    private func checkSize(_ limits: JSONLimits) throws(JSONError) {
        let limit = min(limits.textBytes, Int(UInt32.max))
        guard end <= limit else {
            throw JSONError(
                code: .tooLarge,
                message: "the text has \(end) bytes, of at most \(limit) that are taken here",
                offset: 0
            )
        }
        guard end < 3 || base[0] != 0xEF || base[1] != 0xBB || base[2] != 0xBF else {
            throw JSONError(
                code: .unexpectedByte,
                message: "the text begins with a byte order mark, which RFC 8259 does not allow; remove it",
                offset: 0
            )
        }
    }

    private func checkDepth(_ depth: Int, _ limits: JSONLimits) throws(JSONError) {
        guard depth < limits.depth else {
            throw JSONError(
                code: .tooDeep,
                message: "nested deeper than the \(limits.depth) levels that are taken here",
                offset: position
            )
        }
    }

    private mutating func checkKey(_ keys: inout JSONKeySet, _ limits: JSONLimits) throws(JSONError) {
        guard base[position] == UInt8(ascii: "\"") else { throw unexpected(expected: "a key in quotes") }
        let opening = position
        let span = try checkString(limits)
        guard keys.memberCount < limits.objectMembers else {
            throw JSONError(
                code: .tooLarge,
                message: "the object has more than the \(limits.objectMembers) members that are taken here",
                offset: opening
            )
        }
        if let first = keys.insert(start: span.start, count: span.count, isEscaped: span.isEscaped) {
            throw JSONError(
                code: .duplicateKey,
                message: "the key stands in its object twice, first at byte \(first - 1); keep one of them",
                offset: opening
            )
        }
        guard try nextToken() == UInt8(ascii: ":") else { throw unexpected(expected: "':'") }
        position += 1
    }

    private mutating func checkScalar(_ byte: UInt8, _ limits: JSONLimits) throws(JSONError) {
        switch byte {
        case UInt8(ascii: "\""): _ = try checkString(limits)
        case UInt8(ascii: "t"): try expectLiteral("true")
        case UInt8(ascii: "f"): try expectLiteral("false")
        case UInt8(ascii: "n"): try expectLiteral("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try scanNumber()
        default: throw unexpected(expected: "a value")
        }
    }

    private mutating func checkString(
        _ limits: JSONLimits
    ) throws(JSONError) -> (start: Int, count: Int, isEscaped: Bool) {
        let opening = position
        let span = try scanString()
        guard span.count <= limits.stringBytes else {
            throw JSONError(
                code: .tooLarge,
                message: "the string has \(span.count) bytes, of at most \(limits.stringBytes) that are taken here",
                offset: opening
            )
        }
        if let offset = JSONString.firstMalformed(in: base, from: span.start, to: span.start + span.count) {
            throw JSONError(code: .invalidString, message: "the string is not valid UTF-8", offset: offset)
        }
        if span.isEscaped {
            try JSONString.checkEscapes(
                UnsafeBufferPointer(start: base + span.start, count: span.count),
                offset: span.start,
                refusesLoneSurrogates: true
            )
        }
        return span
    }
}
