// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing
import YAML

@Suite("JSON trees to YAML")
struct YAMLWriterTests {
    private func text(_ value: JSONValue) -> String { String(decoding: YAML.encode(value), as: UTF8.self) }

    @Test("given objects and lists, when they are written, then they have the form that Kubernetes gives them")
    func structure() {
        let value: JSONValue = [
            "z": 1, "name": "web", "none": nil, "ready": true, "ratio": 0.5, "empty": [], "bare": [:],
            "list": ["a", ["b", "c"], ["k": "v", "m": ["x": 1]], [["p": 1, "q": 2]]], "nested": ["deep": ["er": "x"]],
        ]
        #expect(
            text(value) == """
                z: 1
                name: web
                none: null
                ready: true
                ratio: 0.5
                empty: []
                bare: {}
                list:
                - a
                - - b
                  - c
                - k: v
                  m:
                    x: 1
                - - p: 1
                    q: 2
                nested:
                  deep:
                    er: x

                """
        )
    }

    @Test(
        "given a string that looks like something else, when it is written, then it is in quotes",
        arguments: [
            "", " ", "true", "False", "NO", "yes", "on", "Off", "y", "N", "null", "NULL", "~", "1", "-1", "+1", "1.5",
            ".5", ".inf", ".nan", "1e3", "0x1F", "0o17", "017", "1_000", "12:30", "12:30:45", "2026-01-02", "-", "- a",
            "?", "? a", ":", "a: b", "a:", "a #b", "# a", "&a", "*a", "!a", "|", ">", "'a'", "\"a\"", "%a", "@a", "`a",
            "[a]", "{a}", ",a", "<<", "=", "---", "...", " a", "a ", "a\t", "\ta",
        ]
    )
    func ambiguous(string: String) throws {
        let written = text(["value": .string(string), string: "key"])
        #expect(written.contains("value: \""))
        #expect(written.contains("\n\""), "the key has to be in quotes too")
        #expect(try YAML.decode(Array(written.utf8)) == ["value": .string(string), string: "key"])
    }

    @Test(
        "given a string that can only be itself, when it is written, then it is bare",
        arguments: [
            "web", "a b", "http://a:80/x#y", "a:b", "/var/run", "_x", "Deployment/shop/web", "é", "truely",
            "a 'b' \"c\"",
        ]
    )
    func plain(string: String) throws {
        #expect(text(.string(string)) == string + "\n")
        #expect(try YAML.decode(YAML.encode(.string(string))) == .string(string))
    }

    @Test("given text of several lines, when it is written, then it is a block that people can read")
    func blocks() {
        #expect(
            text(["log": "one\n  two: x\n\n# three", "list": ["a\nb\n", "c\n\n\n"]])
                == "log: |-\n  one\n    two: x\n\n  # three\nlist:\n- |\n  a\n  b\n- |+\n  c\n\n\n"
        )
    }

    @Test(
        "given any tree, when it is written and read, then it is the same tree",
        arguments: [
            nil, true, 0, .integer(.min), .integer(.max), 0.1, .double(1), .double(-0.0), .double(1e300),
            .double(.leastNonzeroMagnitude), "", "a", [], [:], [[]], [[:]], ["": nil], [["a": [[["b": [:]]]]]],
            "one\ntwo", "one\ntwo\n", "one\n\n\n", "\none", " one\ntwo", "\tone\ntwo", "one \ntwo", "one\n\ttwo",
            "one\n  \ntwo", "one\r\ntwo", "\n", "\n\n", "one\n---\ntwo\n...", ["a\nb": "c\nd"], [["x\ny", "z"], "\n"],
            "\u{0}\u{1}\u{1B}\u{7F}\u{80}\u{85}\u{9F}\u{A0}\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{FFFF}\u{1F600}\u{10FFFF}",
            "e\u{301}\u{85}\nx", "\\n \\\" \\u0041", "日本\n語",
        ] as [JSONValue]
    )
    func roundTrip(value: JSONValue) throws {
        #expect(try YAML.decode(YAML.encode(value)) == value)
        let nested: JSONValue = ["key": [value, ["inner": value]], "last": value]
        #expect(try YAML.decode(YAML.encode(nested)) == nested)
    }

    @Test("given strings of all characters that matter, in random order, then each comes back as it was")
    func randomStrings() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ab \n\t\r:#-?'\"\\|>{}[],&*!%@`~=.01eE+é\u{85}\u{2028}".unicodeScalars)
        for _ in 0..<3000 {
            var string = ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                string.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
            }
            let value: JSONValue = ["v": .string(string), "k\(string)": [.string(string)]]
            #expect(try YAML.decode(YAML.encode(value)) == value, "\(string.debugDescription)")
        }
    }

    @Test("given a key longer than readers look for a colon, then it comes back as it was")
    func longKeys() throws {
        for count in [999, 1000, 1001, 5000] {
            let key = String(repeating: "k", count: count)
            let value: JSONValue = [["a": 1, key: ["b": [2]], "c": 3], [key: "x"]]
            #expect(try YAML.decode(YAML.encode(value)) == value, "\(count)")
        }
    }

    @Test("given a number that JSON has no form for, then it is null, as the JSON writer has it")
    func notFinite() {
        #expect(text(["a": .double(.infinity), "b": .double(.nan)]) == "a: null\nb: null\n")
    }
}
