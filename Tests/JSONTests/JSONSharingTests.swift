// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSONSharing")
struct JSONSharingTests {
    private struct Labelled: JSONDecodable {
        var labels: [String: String] = [:]
        var names: [String] = []
        var image: String?

        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "labels": try reader.readShared(into: &labels)
                case "names": try reader.readShared(into: &names)
                case "image": try reader.readShared(into: &image)
                default: try reader.skipValue()
                }
            }
        }
    }

    private func read(_ text: String, _ sharing: JSONSharing = JSONSharing()) throws -> Labelled {
        try JSON.decode(Labelled.self, from: Array(text.utf8), sharing: sharing)
    }

    private func storage(_ array: [String]) -> UnsafePointer<String>? {
        array.withUnsafeBufferPointer(\.baseAddress)
    }

    @Test("given two texts with the same array, when they are read with one sharing, then it is in memory once")
    func sharesBetweenTexts() throws {
        let sharing = JSONSharing()
        let text = #"{"names":["a name that takes some room","another"],"labels":{"app":"checkout","tier":"web"}}"#
        let (first, second) = (try read(text, sharing), try read(text, sharing))
        #expect(first.names == ["a name that takes some room", "another"])
        #expect(second.labels == ["app": "checkout", "tier": "web"])
        #expect(storage(first.names) == storage(second.names))
        #expect(storage(try read(text).names) != storage(first.names), "each has its own without a sharing")
    }

    @Test("given one text with the same array twice, then it is in memory once")
    func sharesWithinText() throws {
        let names = #"["a name that takes some room","another"]"#
        let items = try JSON.decode([Labelled].self, from: #"[{"names":\#(names)},{"names": \#(names)}]"#)
        #expect(storage(items[0].names) == storage(items[1].names))
    }

    @Test("given what is shared, when one holder changes it, then the others keep theirs")
    func changes() throws {
        let sharing = JSONSharing()
        let text = #"{"labels":{"app":"checkout","tier":"web"}}"#
        var first = try read(text, sharing)
        first.labels["app"] = nil
        #expect(try read(text, sharing).labels == ["app": "checkout", "tier": "web"])
    }

    @Test("given texts that share a slot, or differ in one byte, then each is read as it is")
    func manyTexts() throws {
        let sharing = JSONSharing()
        for round in 0..<2 {
            for number in 0..<5000 {
                let name = "a name of some length \(number % 2500 * (round + 1))"
                #expect(try read(#"{"names":["\#(name)"]}"#, sharing).names == [name])
            }
        }
    }

    @Test("given the same text read as two types, then each gets its own")
    func types() throws {
        let text = #"{"first":["a name that takes some room"]}"#
        let values: [Bool] = try JSON.withReader(Array(text.utf8)) { (reader: inout JSONReader) throws(JSONError) in
            try reader.beginObject()
            _ = try reader.nextKey()
            var names: [String] = []
            try reader.readShared(into: &names)
            return [names == ["a name that takes some room"], try reader.nextKey() == nil]
        }
        #expect(values == [true, true])
        let both = #"[["a name that takes some room"],["a name that takes some room"]]"#
        try JSON.withReader(Array(both.utf8)) { (reader: inout JSONReader) throws(JSONError) in
            var names: [String] = []
            var raw: JSONValue?
            try reader.beginArray()
            _ = try reader.nextElement()
            try reader.readShared(into: &names)
            _ = try reader.nextElement()
            try reader.readShared(into: &raw)
            #expect(raw == ["a name that takes some room"])
            #expect(try !reader.nextElement())
            try reader.finish()
        }
    }

    @Test(
        "given values that are null, short, long or escaped, then they are read as without sharing",
        arguments: [
            "null", #""""#, #""short""#, #""exactly-16-bytes""#, #""Läuft im \"Shop\" – Zeile \u00e9""#,
            "\"" + String(repeating: "long ", count: 500) + "\"",
        ]
    )
    func values(_ text: String) throws {
        let plain = try JSON.decode([String: JSONValue].self, from: #"{"image":\#(text)}"#)["image"]?.stringValue
        let sharing = JSONSharing()
        for _ in 0..<2 { #expect(try read(#"{"image":\#(text),"names":["x"]}"#, sharing).image == plain) }
    }

    @Test("given a value of the wrong kind, then the error names its place", arguments: [0, 1])
    func errors(_ round: Int) {
        let text = #"{"labels":{"app":"checkout"},"names":["right",{"not":"a string at all"}]}"#
        let sharing = JSONSharing()
        let error = #expect(throws: JSONError.self) { try read(text, sharing) }
        #expect(error?.path == "names[1]")
        let plain = #expect(throws: JSONError.self) {
            try JSON.decode([String: [String]].self, from: #"{"names":["right",{"not":"a string at all"}]}"#)
        }
        #expect(error?.message == plain?.message)
    }
}
