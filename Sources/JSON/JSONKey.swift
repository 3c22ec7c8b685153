// SPDX-License-Identifier: Apache-2.0

/// A key of an object, as it stands in the text.
///
/// It is compared with literals byte by byte, so that reading an object allocates nothing for its keys. A key is valid
/// only until its reader ends; keep ``string`` if it has to live longer.
public struct JSONKey {
    @usableFromInline let start: UnsafePointer<UInt8>
    @usableFromInline let count: Int
    @usableFromInline let isEscaped: Bool

    @usableFromInline
    init(start: UnsafePointer<UInt8>, count: Int, isEscaped: Bool) {
        self.start = start
        self.count = count
        self.isEscaped = isEscaped
    }

    /// The key's text.
    @inlinable public var string: String {
        withUnescaped { String(decoding: $0, as: UTF8.self) }
    }

    /// Lends the bytes that the key stands for.
    @inlinable
    func withUnescaped<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let bytes = UnsafeBufferPointer(start: start, count: count)
        // Whoever made the key has checked its escape sequences.
        guard isEscaped, let unescaped = try? JSONString.unescapedBytes(bytes, offset: 0) else { return body(bytes) }
        return unescaped.withUnsafeBufferPointer(body)
    }

    /// Whether the key is the given text; this is what makes `switch key { case "name": … }` work.
    @inlinable @inline(__always)
    public static func ~= (literal: StaticString, key: JSONKey) -> Bool {
        if key.isEscaped {
            return JSONString.isEqual(UnsafeBufferPointer(start: key.start, count: key.count), to: literal)
        }
        guard key.count == literal.utf8CodeUnitCount else { return false }
        let other = literal.utf8Start
        for index in 0..<key.count where key.start[index] != other[index] { return false }
        return true
    }
}
