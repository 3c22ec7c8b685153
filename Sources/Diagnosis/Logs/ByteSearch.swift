// SPDX-License-Identifier: Apache-2.0

extension StringProtocol where SubSequence == Substring {
    /// Where a text stands first, byte for byte.
    ///
    /// The standard library's own search compares characters, which takes many times as long; what is looked for in
    /// logs and messages is ASCII, and then both find the same.
    /// - Parameter pattern: in ASCII and not empty.
    func firstBytes(_ pattern: StaticString) -> Range<Index>? {
        firstBytes(of: UnsafeBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount))
    }

    /// Where a text stands first, byte for byte.
    func firstBytes(of pattern: String) -> Range<Index>? {
        var pattern = pattern
        return pattern.withUTF8 { firstBytes(of: $0) }
    }

    /// Whether a text stands in this one, byte for byte.
    func hasBytes(_ pattern: StaticString) -> Bool { firstBytes(pattern) != nil }

    /// Whether a text stands in this one, byte for byte.
    func hasBytes(of pattern: String) -> Bool { firstBytes(of: pattern) != nil }

    private func firstBytes(of pattern: UnsafeBufferPointer<UInt8>) -> Range<Index>? {
        var text = self[...]
        let offset = text.withUTF8 { Self.offset(of: pattern, in: $0) }
        guard let offset else { return nil }
        let start = utf8.index(startIndex, offsetBy: offset)
        return start..<utf8.index(start, offsetBy: pattern.count)
    }

    private static func offset(of pattern: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = pattern.first, text.count >= pattern.count else { return nil }
        for start in 0...(text.count - pattern.count) where text[start] == first {
            var length = 1
            while length < pattern.count, text[start + length] == pattern[length] { length += 1 }
            if length == pattern.count { return start }
        }
        return nil
    }
}
