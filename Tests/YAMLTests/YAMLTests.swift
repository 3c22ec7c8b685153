// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing
import YAML

@Suite("YAML to JSON trees")
struct YAMLTests {
    private func decode(_ text: String) throws(YAMLError) -> JSONValue { try YAML.decode(Array(text.utf8)) }

    @Test(
        "given a plain scalar, when it is read, then the core schema of YAML 1.2 says what it is",
        arguments: [
            ("null", .null), ("~", .null), ("Null", .null), ("nULL", "nULL"), ("true", true), ("True", true),
            ("FALSE", false), ("yes", "yes"), ("on", "on"), ("No", "No"), ("tRUE", "tRUE"), ("0", 0), ("-12", -12),
            ("+5", 5), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("1.5", 1.5), ("-1e3", .double(-1000)), (".5", 0.5), ("1.", .double(1)), ("1.5e-2", 0.015),
            ("18446744073709551615", .double(18_446_744_073_709_551_616)), ("0x1F", 31), ("0o17", 15),
            ("0x-5", "0x-5"), ("0o+7", "0o+7"), ("0xg", "0xg"), ("0x", "0x"),
            ("0xFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFF"),
            ("1_000", "1_000"), ("1.2.3", "1.2.3"), ("10.0.0.1", "10.0.0.1"), ("2026-01-02", "2026-01-02"),
            ("12:30", "12:30"), (".", "."), ("+", "+"), ("1e", "1e"), ("e3", "e3"),
            (".inf", ".inf"), (".nan", ".nan"), ("64Mi", "64Mi"), ("text with spaces", "text with spaces"),
        ] as [(String, JSONValue)]
    )
    func scalars(text: String, expected: JSONValue) throws {
        #expect(try decode("value: \(text)") == ["value": expected])
    }

    @Test("given a number too large for a double, when it is read, then it stays a number in its notation")
    func hugeNumber() throws {
        let number = try #require(JSONNumber("-1e999"))
        #expect(try decode("value: -1e999") == ["value": .number(number)])
        #expect(String(decoding: YAML.encode(["value": .number(number)]), as: UTF8.self) == "value: -1e999\n")
    }

    @Test(
        "given a scalar in quotes or with the tag of strings, when it is read, then it is a string",
        arguments: ["\"%\"", "'%'", "!!str %"]
    )
    func quotedScalars(form: String) throws {
        for content in ["1", "1.5", "true", "null", "0x10", "~"] {
            let text = form.split(separator: "%", omittingEmptySubsequences: false).joined(separator: content)
            #expect(try decode("- \(text)") == [.string(content)])
        }
    }

    @Test("given double quotes with escapes, when they are read, then each stands for its character")
    func escapes() throws {
        #expect(try decode(#"["a\tb\n", "\u00e9\x41", 'it''s', "\"\\"]"#) == ["a\tb\n", "éA", "it's", "\"\\"])
    }

    @Test("given nothing where a value could be, when it is read, then it is null")
    func emptyValues() throws {
        #expect(try decode("a:\nb: ''\nc: [x, ]\n") == ["a": nil, "b": "", "c": ["x"]])
    }

    @Test("given nested blocks and flows, when they are read, then the tree keeps the order of keys")
    func structure() throws {
        let value = try decode(
            """
            z: 1
            a:
              - name: first   # a comment
                ports: [80, 443]
              - {name: second, empty: {}, none: []}
            1: number as key
            true: word as key
            "quoted key": x
            """
        )
        #expect(
            String(decoding: JSON.encode(value), as: UTF8.self)
                == #"{"z":1,"a":[{"name":"first","ports":[80,443]},{"name":"second","empty":{},"none":[]}],"#
                + #""1":"number as key","true":"word as key","quoted key":"x"}"#
        )
    }

    @Test("given block scalars, when they are read, then line breaks are kept or folded as their sign says")
    func blockScalars() throws {
        let value = try decode(
            """
            literal: |
              one
                two

              three
            stripped: |-
              1
            kept: |+
              x

            folded: >
              a
              b

              c
            last: 5
            """
        )
        #expect(value["literal"] == "one\n  two\n\nthree\n")
        #expect(value["stripped"] == "1")
        #expect(value["kept"] == "x\n\n")
        #expect(value["folded"] == "a b\nc\n")
        #expect(value["last"] == 5)
    }

    @Test("given several documents, when all are read, then empty ones are left out")
    func documents() throws {
        let text = "---\na: 1\n---\n# nothing\n---\n- 2\n...\n---\nnull\n--- three\n"
        #expect(try YAML.decodeAll(Array(text.utf8)) == [["a": 1], [2], "three"])
        let error = try #require(throws: YAMLError.self) { try decode(text) }
        #expect(error.message.contains("3 documents"))
        #expect(try YAML.decodeAll([]) == [])
        #expect(try decode("") == .null)
        #expect(try decode("# only a comment\n") == .null)
    }

    @Test("given anchors, when aliases name them, then the value is repeated, the last anchor of a name counting")
    func aliases() throws {
        let value = try decode("a: &x {k: [1]}\nb: *x\nc: &x 2\nd: *x\ne: [*x, *x]\n")
        #expect(value == ["a": ["k": [1]], "b": ["k": [1]], "c": 2, "d": 2, "e": [2, 2]])
    }

    @Test(
        "given an alias without an anchor before it, when it is read, then its line is in the error, but not its name"
    )
    func unknownAlias() throws {
        let error = try #require(throws: YAMLError.self) { try decode("a: 1\nb: *missing\n") }
        #expect(error.line == 2)
        // It may be a secret that begins with an asterisk and was not put in quotes.
        #expect(!error.message.contains("missing"))
        // Neither within itself nor from another document.
        #expect(throws: YAMLError.self) { try decode("a: &x [*x]\n") }
        #expect(throws: YAMLError.self) { try YAML.decodeAll(Array("a: &x 1\n---\nb: *x\n".utf8)) }
    }

    @Test("given a short text that unfolds into billions of values, when it is read, then it is refused")
    func aliasBomb() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...10 {
            let repeated = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(repeated)]\n"
        }
        // The value must not be the closure's: to print it would take for ever if the test failed.
        let error = try #require(throws: YAMLError.self) { _ = try decode(text) }
        #expect(error.message.contains("unfolds"))
        #expect(error.line == 6)
    }

    @Test("given nesting of 128 levels, when it is read, then it is; one more is refused")
    func depth() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + "1" + String(repeating: "]", count: levels)
        }
        #expect(throws: Never.self) { try decode(nested(128)) }
        let error = try #require(throws: YAMLError.self) { try decode(nested(129)) }
        #expect(error.message.contains("128"))
        #expect(throws: YAMLError.self) { try decode(String(repeating: "[", count: 20_000)) }
        // What lies side by side does not add up.
        #expect(throws: Never.self) { try decode("- \(nested(127))\n- \(nested(127))\n") }
    }

    @Test("given aliases of aliases, when they nest deeper than brackets may, then they are refused")
    func depthThroughAliases() throws {
        func chain(_ links: Int) -> String {
            let open = String(repeating: "[", count: 60)
            let close = String(repeating: "]", count: 60)
            var text = "a0: &a0 \(open)1\(close)\n"
            for link in 1..<links { text += "a\(link): &a\(link) \(open)*a\(link - 1)\(close)\n" }
            return text
        }
        #expect(throws: Never.self) { try decode(chain(2)) }
        let error = try #require(throws: YAMLError.self) { try decode(chain(3)) }
        #expect(error.message.contains("nested deeper"))
        #expect(error.line == 3)
    }

    @Test(
        "given a key twice, when the mapping is read, then it is refused with the line of the second",
        arguments: ["a: 1\nb: 2\na: 3\n", "a:\nb: 2\n\"a\": 3\n", "a: null\nb: 2\na: null\n", "x:\n  a: 1\n  a: 2\n"]
    )
    func duplicateKeys(text: String) throws {
        let error = try #require(throws: YAMLError.self) { try decode(text) }
        #expect(error.line == 3)
        #expect(error.description == "line 3: the key 'a' is there twice")
    }

    @Test(
        "given a syntax error, when the text is read, then it is refused with the line",
        arguments: [
            ("a: 1\nb: [1, 2\nc: 3\n", 3), ("a: 1\n\tb: 2\n", 2), ("a: 1\nb: \"unclosed\n", 3),
            ("a: 1\n- b\n", 2), ("a: b: c\n", 1), ("x: @bad\n", 1), ("a: 1\nb: \u{1}\n", 2), ("{a: 1}}\n", 1),
        ] as [(String, Int)]
    )
    func syntaxErrors(text: String, line: Int) throws {
        let error = try #require(throws: YAMLError.self) { try decode(text) }
        #expect(error.line == line, "\(error)")
        #expect(!error.message.isEmpty)
    }

    @Test("given bytes that are no UTF-8, when they are read, then they are refused with the line")
    func invalidUTF8() throws {
        let error = try #require(throws: YAMLError.self) {
            try YAML.decode(Array("a: 1\nb: ".utf8) + [0xFF, 0xFE] + Array("\n".utf8))
        }
        #expect(error.line == 2)
    }

    @Test(
        "given a key that is no scalar, when the mapping is read, then it is refused",
        arguments: ["? [a, b]\n: 1\n", "{a: 1}: 2\n", "x: &x a\n*x : 1\n"]
    )
    func complexKeys(text: String) throws {
        let error = try #require(throws: YAMLError.self) { try decode(text) }
        #expect(error.message.contains("plain word"))
    }

    @Test(
        "given any text cut off or with a byte changed, when it is read, then it is read or refused but never crashes"
    )
    func damage() {
        let whole = Array("a: &x [1, {b: \"é\\n\"}]\nc: |\n  text\n? d\n: !!str *x\n---\n- 'q'\n".utf8)
        for index in whole.indices {
            _ = try? YAML.decodeAll(Array(whole[..<index]))
            for byte: UInt8 in [0x00, 0x09, 0x0A, 0x22, 0x26, 0x2A, 0x3A, 0x5B, 0x7B, 0xC3, 0xFF] {
                var changed = whole
                changed[index] = byte
                _ = try? YAML.decodeAll(changed)
            }
        }
    }
}
