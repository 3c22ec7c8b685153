// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSONValue")
struct JSONValueTests {
    @Test(
        "given a text without white space, when it is read as a tree and written, then it is the same text",
        arguments: [
            "null", "true", "false", "0", "-1", "9223372036854775807", "0.5", "\"x\"", "[]", "{}",
            #"{"z":1,"a":[1,2.5,null,{"b":{}}],"m":"é\n"}"#, "[[[]],[]]", #"{"":""}"#, "1.0", "-0", "-0.0", "1e3",
            "1E3",
            "1e400", "18446744073709551615", "-123456789012345678901234567890", "0.10", "1e-400", "5e-324",
        ]
    )
    func roundTrip(text: String) throws {
        #expect(written(try JSON.decode(JSONValue.self, from: text)) == text)
    }

    @Test("given numbers, when they are read as a tree, then those in the form of an integer or double are that")
    func numbers() throws {
        let text = "[1,-9223372036854775808,2.5,1e+300,1.0,1e2,18446744073709551615,-0,1e400]"
        let tree = try JSON.decode(JSONValue.self, from: text)
        let kept = try ["1.0", "1e2", "18446744073709551615", "-0", "1e400"]
            .map { text in JSONValue.number(try #require(JSONNumber(text))) }
        #expect(tree == .array([.integer(1), .integer(.min), .double(2.5), .double(1e300)] + kept))
        let elements = tree.arrayValue ?? []
        #expect(elements.map(\.integerValue) == [1, .min, nil, nil, nil, nil, nil, 0, nil])
        #expect(
            elements.map(\.doubleValue) == [
                1, -9_223_372_036_854_775_808, 2.5, 1e300, 1, 100, 18_446_744_073_709_551_616, 0, nil,
            ]
        )
        #expect(JSONValue.string("1").doubleValue == nil)
    }

    @Test("given a key twice, when it is read as a tree, then the last value stands at the first place")
    func duplicateKeys() throws {
        #expect(written(try JSON.decode(JSONValue.self, from: #"{"a":1,"b":2,"a":3}"#)) == #"{"a":3,"b":2}"#)
    }

    @Test("given a tree, when a path is looked up, then a missing step or another type gives nil")
    func lookup() {
        let value: JSONValue = ["a": ["b": ["c": 5, "n": nil]], "list": [1]]
        #expect(value.value(at: "a", "b", "c")?.integerValue == 5)
        #expect(value.value(at: "a", "x", "c") == nil)
        #expect(value.value(at: "list", "0") == nil)
        #expect(value.value(at: "a", "b", "n") == JSONValue.null)
        #expect(value["list"]?.arrayValue == [1])
        #expect(value["a"]?.stringValue == nil)
        #expect(value["a"]?.boolValue == nil)
        #expect(value["a"]?.objectValue.map { $0.map(\.key) } == ["b"])
    }

    @Test("given a tree, when fields are set and removed, then nothing else changes")
    func assignment() {
        var value: JSONValue = ["a": 1, "b": ["c": true]]
        value["b"]?["c"] = "new"
        value["d"] = .null
        value["a"] = nil
        #expect(written(value) == #"{"b":{"c":"new"},"d":null}"#)
        var other: JSONValue = 5
        other["x"] = 1.5
        #expect(written(other) == #"{"x":1.5}"#)
    }
}
