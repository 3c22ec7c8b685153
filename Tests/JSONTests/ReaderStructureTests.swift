// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSONReader: objects, arrays and skipping")
struct ReaderStructureTests {
    @Test("given an object with known and unknown fields, when it is read, then the known ones are all there")
    func wholeObject() throws {
        #expect(try JSON.decode(Fixture.self, from: Fixture.text) == Fixture.expected)
    }

    @Test("given null or absent fields, when the object is read, then the defaults stay")
    func defaults() throws {
        #expect(try JSON.decode(Fixture.self, from: "{}") == Fixture())
        let nulls =
            #"{"title":null,"count":null,"ratio":null,"isOn":null,"note":null,"labels":null,"parts":null,"other":null}"#
        #expect(try JSON.decode(Fixture.self, from: nulls) == Fixture())
        #expect(try JSON.decode([String: String].self, from: #"{"a":null,"b":"c"}"#) == ["b": "c"])
    }

    @Test("given keys with escapes, when the object is read, then they match all the same")
    func escapedKeys() throws {
        let text = #"{"\u0074itle":"found","c\u006funt":3,"labels":{"a\/b":"x","\"":"y"},"tit\\le":"no"}"#
        let fixture = try JSON.decode(Fixture.self, from: text)
        #expect(fixture.title == "found")
        #expect(fixture.count == 3)
        #expect(fixture.labels == ["a/b": "x", "\"": "y"])
    }

    @Test("given keys that begin like a known one or are longer, when the object is read, then they do not match")
    func similarKeys() throws {
        let fixture = try JSON.decode(Fixture.self, from: #"{"titl":"x","titles":"y","":"z","Title":"w"}"#)
        #expect(fixture == Fixture())
    }

    @Test(
        "given white space wherever the grammar allows it, when a value is read, then it makes no difference",
        arguments: [" ", "\n", "\r\n", "\t \n "]
    )
    func whiteSpace(space: String) throws {
        let tokens = ["{", "\"a\"", ":", "[", "1", ",", "true", ",", "null", "]", ",", "\"b\"", ":", "{", "}", "}"]
        let text = space + tokens.joined(separator: space) + space
        #expect(try JSON.decode(JSONValue.self, from: text) == ["a": [1, true, nil], "b": [:]])
    }

    @Test(
        "given a comma, colon, quote or bracket too many or too few, when it is read, then it is refused",
        arguments: [
            "{", "[", "}", "]", "{]", "[}", "[1,]", "[,1]", "[1 2]", "[1,,2]", "[\"a\"\"b\"]", "{\"a\":1,}", "{,}",
            "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1\"b\":2}", "{\"a\":1,,\"b\":2}",
            "{a:1}", "{1:2}", "{'a':1}", "{\"a\"::1}", "[1]]", "{}{}", "{} x", "[\u{A0}1]", "[1;2]", "// x\n1", "",
        ]
    )
    func badStructure(text: String) {
        #expect(refusal(of: text, as: JSONValue.self) != nil)
    }

    @Test(
        "given a bad text around an unknown field, when the field is skipped, then it is still refused",
        arguments: [
            "{\"x\":}", "{\"x\":,\"title\":\"a\"}", "{\"x\":1\"title\":\"a\"}", "{\"x\":1 \"title\":\"a\"}",
            "{\"x\":[1}", "{\"x\":\"y}", "{\"x\":]}", "{\"x\":[1]]}", "{\"x\":true{}}", "{\"x\":1:2}", "{\"x\"",
        ]
    )
    func badSkipped(text: String) {
        #expect(refusal(of: text, as: Fixture.self) != nil)
    }

    @Test("given something after the value, when a text is read, then it is refused with its place")
    func trailingData() throws {
        let error = try #require(throws: JSONError.self) { try JSON.decode([Int].self, from: "[1, 2] \n x") }
        #expect(error.code == .trailingData)
        #expect(error.offset == 9)
        #expect(try JSON.decode([Int].self, from: "[1, 2] \r\n\t ") == [1, 2])
    }

    @Test("given a valid text cut off at any byte, when it is read as type, tree or skipped, then it is refused")
    func truncation() {
        let whole = Array(Fixture.text.utf8)
        for count in 0..<whole.count {
            let part = Array(whole[..<count])
            #expect(throws: JSONError.self, "typed, cut at \(count)") { try JSON.decode(Fixture.self, from: part) }
            #expect(throws: JSONError.self, "tree, cut at \(count)") { try JSON.decode(JSONValue.self, from: part) }
            #expect(throws: JSONError.self, "skipped, cut at \(count)") { try JSON.decode(Skipped.self, from: part) }
        }
    }

    @Test("given a valid text with any one byte changed, when it is read, then it is read or refused but never crashes")
    func mutation() {
        let whole = Array(Fixture.text.utf8)
        for index in 0..<whole.count {
            for byte: UInt8 in [0x00, 0x22, 0x5C, 0x7B, 0x5D, 0x2C, 0xFF] where byte != whole[index] {
                var changed = whole
                changed[index] = byte
                _ = try? JSON.decode(Fixture.self, from: changed)
                _ = try? JSON.decode(JSONValue.self, from: changed)
            }
        }
    }

    @Test("given 100,000 levels of brackets, when they are skipped, then no stack is used up")
    func deepSkipping() throws {
        let levels = 100_000
        let arrays = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        _ = try JSON.decode(Skipped.self, from: arrays)
        let objects = String(repeating: "{\"a\":", count: levels) + "1" + String(repeating: "}", count: levels)
        #expect(try JSON.decode(Fixture.self, from: "{\"unknown\":\(objects),\"count\":5}").count == 5)
        #expect(refusal(of: String(arrays.dropLast()), as: Skipped.self) == .unexpectedEnd)
    }

    @Test("given 512 levels, when they are read as a tree, then they are; one more is refused")
    func nestingLimit() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        #expect(JSONReader.maximumDepth == 512)
        var value = try JSON.decode(JSONValue.self, from: nested(512))
        var levels = 0
        while let elements = value.arrayValue {
            levels += 1
            guard let first = elements.first else { break }
            value = first
        }
        #expect(levels == 512)
        #expect(refusal(of: nested(513), as: JSONValue.self) == .tooDeep)
        // What was closed does not count.
        #expect(
            refusal(of: "[\(Array(repeating: "[[]]", count: 600).joined(separator: ","))]", as: JSONValue.self) == nil
        )
    }

    @Test("given a part that nobody understands, when it is read raw, then its bytes are unchanged")
    func raw() throws {
        struct Raw: JSONDecodable {
            var bytes: [UInt8] = []
            var after = 0
            init(from reader: inout JSONReader) throws(JSONError) {
                try reader.beginObject()
                while let key = try reader.nextKey() {
                    switch key {
                    case "raw": bytes = try reader.readRaw()
                    case "after": try reader.read(into: &after)
                    default: try reader.skipValue()
                    }
                }
            }
        }
        for part in ["1.50", "\"\\u0041\"", "{ \"b\": [1,2 ], \"a\":null }", "[]", "true", "null", "-0"] {
            let raw = try JSON.decode(Raw.self, from: "{\"raw\": \(part) ,\"after\":3}")
            #expect(String(decoding: raw.bytes, as: UTF8.self) == part)
            #expect(raw.after == 3)
        }
    }
}
