// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON text from front to back, without building a tree.
///
/// The caller pulls: it asks for the value it expects next, and skips what it does not want. Skipped parts are not
/// copied and not checked beyond their brackets and quotes, which is what makes reading a Kubernetes list fast.
/// ``JSONMode/strict`` checks the whole text before a reader sees it.
///
/// ```swift
/// try reader.beginObject()
/// while let key = try reader.nextKey() {
///     switch key {
///     case "name": try reader.read(into: &name)
///     case "labels": try reader.read(into: &labels)
///     default: try reader.skipValue()
///     }
/// }
/// ```
///
/// A reader borrows the bytes: it exists only inside ``JSON/withReader(_:_:)``.
public struct JSONReader: ~Copyable {
    @usableFromInline let base: UnsafePointer<UInt8>
    @usableFromInline let end: Int
    @usableFromInline var position: Int
    /// Whether a value has just ended, so that a comma must come before the next key or element.
    @usableFromInline var needsComma: Bool
    /// How many objects and arrays are open; bounded so that hostile nesting cannot exhaust the stack of a
    /// recursive decoder.
    @usableFromInline var depth: Int
    /// What has been read with ``readShared(into:)``; nil until then.
    @usableFromInline var sharing: JSONSharing?

    /// The deepest nesting that is read.
    ///
    /// Kubernetes' own decoder stops at 10,000; nothing that an API server stores comes near 512.
    public static var maximumDepth: Int { 512 }

    @usableFromInline
    init(base: UnsafePointer<UInt8>, count: Int) {
        self.base = base
        self.end = count
        self.position = 0
        self.needsComma = false
        self.depth = 0
    }

    /// Where the reader stands, in bytes from the start of the text.
    @inlinable public var offset: Int { position }

    /// Enters an object.
    @inlinable
    public mutating func beginObject() throws(JSONError) {
        guard try nextToken() == UInt8(ascii: "{") else { throw mismatch(expected: "an object") }
        try enter()
    }

    /// The next key of the object that was entered, or nil once the object has ended.
    @inlinable
    public mutating func nextKey() throws(JSONError) -> JSONKey? {
        var byte = try nextToken()
        if byte == UInt8(ascii: "}") {
            leave()
            return nil
        }
        if needsComma {
            guard byte == UInt8(ascii: ",") else { throw unexpected(expected: "',' or '}'") }
            position += 1
            byte = try nextToken()
        }
        guard byte == UInt8(ascii: "\"") else { throw unexpected(expected: "a key in quotes") }
        let span = try scanString()
        // A key with a bad escape has to be refused here: a key itself cannot fail.
        if span.isEscaped {
            try JSONString.checkEscapes(
                UnsafeBufferPointer(start: base + span.start, count: span.count),
                offset: span.start
            )
        }
        guard try nextToken() == UInt8(ascii: ":") else { throw unexpected(expected: "':'") }
        position += 1
        return JSONKey(start: base + span.start, count: span.count, isEscaped: span.isEscaped)
    }

    /// Enters an array.
    @inlinable
    public mutating func beginArray() throws(JSONError) {
        guard try nextToken() == UInt8(ascii: "[") else { throw mismatch(expected: "an array") }
        try enter()
    }

    /// Moves to the next element of the array that was entered.
    /// - Returns: false once the array has ended.
    @inlinable
    public mutating func nextElement() throws(JSONError) -> Bool {
        let byte = try nextToken()
        if byte == UInt8(ascii: "]") {
            leave()
            return false
        }
        if needsComma {
            guard byte == UInt8(ascii: ",") else { throw unexpected(expected: "',' or ']'") }
            position += 1
            guard try nextToken() != UInt8(ascii: "]") else { throw unexpected(expected: "a value") }
            needsComma = false
        }
        return true
    }

    /// What the next value is, without reading it.
    @inlinable
    public mutating func peekKind() throws(JSONError) -> JSONKind {
        switch try nextToken() {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        default: throw unexpected(expected: "a value")
        }
    }

    /// Reads `null` if it comes next.
    /// - Returns: whether it did; false leaves the reader where it was.
    @inlinable
    public mutating func readNull() throws(JSONError) -> Bool {
        guard try nextToken() == UInt8(ascii: "n") else { return false }
        try expectLiteral("null")
        return true
    }

    @inlinable
    mutating func enter() throws(JSONError) {
        position += 1
        depth += 1
        needsComma = false
        guard depth <= Self.maximumDepth else {
            throw JSONError(
                code: .tooDeep,
                message: "nested deeper than \(Self.maximumDepth) levels",
                offset: position
            )
        }
    }

    @inlinable
    mutating func leave() {
        position += 1
        depth -= 1
        needsComma = true
    }

    /// The next byte that is not white space, without consuming it.
    @inlinable @inline(__always)
    mutating func nextToken() throws(JSONError) -> UInt8 {
        while position < end {
            let byte = base[position]
            guard byte <= 0x20 else { return byte }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        throw JSONError(code: .unexpectedEnd, message: "the text ends where a value or bracket is due", offset: end)
    }
}

/// The types of JSON value.
public enum JSONKind: String, Sendable, Hashable {
    /// `{…}`
    case object
    /// `[…]`
    case array
    /// `"…"`
    case string
    /// An integer or a decimal number.
    case number
    /// `true` or `false`
    case bool
    /// `null`
    case null
}
