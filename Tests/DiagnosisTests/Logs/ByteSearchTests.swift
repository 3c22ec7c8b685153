// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Diagnosis

@Suite("Search in bytes")
struct ByteSearchTests {
    @Test(
        "given a text and what is looked for, then the first place is found, and nothing where there is none",
        arguments: [
            ("abcabc", "bc", 1), ("aab", "ab", 1), ("é: x", ": ", 2), ("a", "a", 0), ("abc", "abcd", -1),
            ("", "a", -1), ("ab", "ba", -1), ("a-->b", "->", 2),
        ]
    )
    func first(text: String, pattern: String, offset: Int) throws {
        let found = text.firstBytes(of: pattern)
        #expect(found.map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) } ?? -1 == offset)
        guard let found else { return }
        #expect(text[found] == pattern)
    }

    @Test("given a part of a text, then places are those of the whole text")
    func part() throws {
        let text = "key=a key=b"
        let rest = text.dropFirst(5)
        let found = try #require(rest.firstBytes("key="))
        #expect(text[found.upperBound...] == "b")
        #expect(!rest.hasBytes("a"))
    }
}
