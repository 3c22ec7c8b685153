// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Diagnosis

@Suite("PhraseMatcher")
struct PhraseMatcherTests {
    private func phrases(_ list: [String], in text: String) -> [String] {
        PhraseMatcher(list).matches(in: text).map { list[$0.phrase] }
    }

    @Test("given phrases that overlap or contain each other, then all of them are found")
    func overlaps() {
        #expect(phrases(["he", "she", "his", "hers"], in: "ushers") == ["she", "he", "hers"])
        #expect(phrases(["abcd", "bc"], in: "abce") == ["bc"])
    }

    @Test("given capitals in the text, then a phrase is found all the same, and its place is told in bytes")
    func capitals() {
        let matches = PhraseMatcher(["refused"]).matches(in: "é REFUSED!")
        #expect(matches == [PhraseMatcher.Match(phrase: 0, start: 3, end: 10)])
    }

    @Test("given a text that nearly is the phrase again and again, then nothing is found and it takes linear time")
    func nearMisses() {
        let text = String(repeating: "a", count: 200_000)
        #expect(phrases([String(repeating: "a", count: 60) + "b"], in: text).isEmpty)
    }

    @Test("given a text that repeats a phrase without end, then the number of matches is bounded")
    func repeats() {
        #expect(phrases(["ab"], in: String(repeating: "ab", count: 100_000)).count == 64)
    }

    @Test("given every sign, then its phrases are in the form that the matcher needs", arguments: LogSign.allCases)
    func phrasesAreLowercase(sign: LogSign) {
        for phrase in sign.phrases {
            #expect(!phrase.isEmpty)
            #expect(phrase == phrase.lowercased())
            #expect(phrase.utf8.allSatisfy { $0 < 0x80 })
        }
        #expect(!sign.phrases.isEmpty)
    }
}
