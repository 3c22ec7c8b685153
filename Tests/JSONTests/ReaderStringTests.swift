// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSONReader: strings")
struct ReaderStringTests {
    @Test(
        "given a string with escapes, when it is read, then each stands for its character",
        arguments: [
            (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\u0000""#, "\u{0}"), (#""\ud83d\ude00""#, "😀"),
            (#""x\uD83D\uDE00y""#, "x😀y"), (#""\\u0041""#, #"\u0041"#), (#""\\\\""#, #"\\"#), (#""\\\"""#, #"\""#),
        ] as [(String, String)]
    )
    func escapes(text: String, expected: String) throws {
        let value = try JSON.decode(String.self, from: text)
        #expect(Array(value.utf8) == Array(expected.utf8))
    }

    @Test(
        "given half of a surrogate pair, when it is read, then U+FFFD stands for it and nothing else is lost",
        arguments: [
            (#""\ud83d""#, "\u{FFFD}"), (#""\ude00""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
            (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
            (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
        ] as [(String, String)]
    )
    func loneSurrogates(text: String, expected: String) throws {
        #expect(try JSON.decode(String.self, from: text) == expected)
    }

    @Test(
        "given a bad escape, when the string is read as a value or as a key, then it is refused",
        arguments: [
            #"\x"#, #"\u"#, #"\u12"#, #"\u12g4"#, #"\u 123"#, #"\U0041"#, #"\'"#, #"\ud83d\u12"#, #"abcdefghij\q"#,
        ]
    )
    func badEscapes(content: String) {
        #expect(refusal(of: "\"\(content)\"", as: String.self) == .invalidString)
        #expect(refusal(of: "{\"\(content)\":1}", as: JSONValue.self) == .invalidString)
        #expect(refusal(of: "{\"\(content)\":1}", as: Fixture.self) == .invalidString)
    }

    @Test("given a control character without escape, when it is at any place of a string, then it is refused there")
    func controlCharacters() throws {
        for length in 1...20 {
            for place in 0..<length {
                for control: UInt8 in [0x00, 0x09, 0x0A, 0x1F] {
                    var bytes = Array("\"\(String(repeating: "é", count: length))\"".utf8)
                    bytes[1 + place] = control
                    let error = try #require(throws: JSONError.self) { try JSON.decode(String.self, from: bytes) }
                    #expect(error.code == .invalidString)
                    #expect(error.offset == 1 + place)
                }
            }
        }
        #expect(try JSON.decode(String.self, from: "\"a\u{7F}b c~\"") == "a\u{7F}b c~")
    }

    @Test("given a quote or backslash at any place of strings of any length, when they are read, then none is missed")
    func specialCharactersAtEachOffset() throws {
        // Lengths around one, two and three words, at all alignments of the word-at-a-time search.
        for shift in 0..<8 {
            for length in 0...26 {
                for place in 0...length {
                    for (escaped, plain) in [("\\\"", "\""), ("\\\\", "\\"), ("\\n", "\n"), ("!", "!"), ("#", "#")] {
                        let before = String(repeating: "x", count: place)
                        let after = String(repeating: "é", count: length - place)
                        let text = "\(String(repeating: " ", count: shift))[\"\(before)\(escaped)\(after)\",\"end\"]"
                        let values = try JSON.decode([String].self, from: text)
                        guard values == ["\(before)\(plain)\(after)", "end"] else {
                            Issue.record("read \(values) from \(text)")
                            return
                        }
                    }
                }
            }
        }
    }

    @Test("given the neighbours of the special characters in every position of a word, when read, then they are text")
    func neighboursOfSpecialCharacters() throws {
        // 0x21, 0x23, 0x5B, 0x5D and bytes with the top bit set are where a borrow in the word would show.
        for scalar in ["!", "#", "[", "]", " ", "\u{80}", "\u{A2}", "\u{DC}", "\u{FF}"] {
            for count in 0..<24 {
                let content = String(repeating: scalar, count: count)
                #expect(try JSON.decode(String.self, from: "\"\(content)\"") == content)
                let quoted = try JSON.decode(String.self, from: "\"\(content)\\\"\(content)\"")
                #expect(quoted == "\(content)\"\(content)")
            }
        }
    }

    @Test("given text in any script, when it is read, then it is unchanged")
    func nonASCII() throws {
        let text = "Größe 東京 עברית 👩‍👩‍👧 e\u{301} \u{2028}"
        #expect(Array(try JSON.decode(String.self, from: "\"\(text)\"").utf8) == Array(text.utf8))
    }

    @Test("given bytes that are no UTF-8, when they are read, then U+FFFD stands for them as in Kubernetes")
    func invalidUTF8() throws {
        let value = try JSON.decode(String.self, from: [0x22, 0x61, 0xFF, 0x62, 0xC3, 0x22])
        #expect(value == "a\u{FFFD}b\u{FFFD}")
    }

    @Test("given a string without its closing quote, when it is read, then the end is reported, also after a backslash")
    func unclosed() {
        for text in ["\"", "\"abc", "\"abc\\", "\"abc\\\"", "\"abcdefg\\", "\"abcdefgh\\", #""\u12"#] {
            #expect(refusal(of: text, as: String.self) == .unexpectedEnd, "\(text)")
            #expect(refusal(of: text, as: Skipped.self) == .unexpectedEnd, "\(text)")
        }
    }
}
