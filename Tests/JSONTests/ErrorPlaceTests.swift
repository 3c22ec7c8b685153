// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSONError: where it went wrong")
struct ErrorPlaceTests {
    private struct Named: JSONDecodable {
        struct Metadata: JSONDecodable {
            var name = ""
            var labels: [String: String] = [:]
            var weight = 0.0
            init() {}
            init(from reader: inout JSONReader) throws(JSONError) {
                try reader.beginObject()
                while let key = try reader.nextKey() {
                    switch key {
                    case "name": try reader.read(into: &name)
                    case "labels": try reader.read(into: &labels)
                    case "weight": try reader.read(into: &weight)
                    default: try reader.skipValue()
                    }
                }
            }
        }

        var metadata = Metadata()

        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "metadata": try reader.read(into: &metadata)
                default: try reader.skipValue()
                }
            }
        }
    }

    private struct List: JSONDecodable {
        var items: [Named] = []
        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "items": try reader.read(into: &items)
                default: try reader.skipValue()
                }
            }
        }
    }

    @Test("given a wrong type deep in a list, when it is refused, then the path and the byte are named")
    func pathInList() throws {
        let text = #"{"kind":"L","items":[{},{"metadata":{"name":"b"}},{},{"metadata":{"labels":{},"name": 5}}]}"#
        let error = try #require(throws: JSONError.self) { try JSON.decode(List.self, from: text) }
        #expect(error.path == "items[3].metadata.name")
        #expect(error.code == .typeMismatch)
        #expect(Array(text.utf8)[error.offset] == UInt8(ascii: "5"))
        #expect(
            error.description
                == "items[3].metadata.name: expected a string, found a number (at byte \(error.offset))"
        )
    }

    @Test(
        "given an error, when it is located, then the path is that of the innermost value",
        arguments: [
            (#"5"#, ""), (#"{"items":5}"#, "items"), (#"{"items":[5]}"#, "items[0]"),
            (#"{"items":[{},[]]}"#, "items[1]"), (#"{"items":[{"metadata":[]}]}"#, "items[0].metadata"),
            (#"{"items":[{"metadata":{"labels":{"a.b/c":1}}}]}"#, "items[0].metadata.labels.a.b/c"),
            (#"{"items":[{"metadata":{"\u006eame":1}}]}"#, "items[0].metadata.name"),
            (#"{"items":[{"metadata":{"weight":1e999}}]}"#, "items[0].metadata.weight"),
            (#"{"items":[{"metadata":{"weight":1e999 }}]}"#, "items[0].metadata.weight"),
            (#"{"a":{},"items":[{"metadata":{"name":"b"}},{"metadata":{"name":"\q"}}]}"#, "items[1].metadata.name"),
            ("{\"items\":[{\"metadata\":{\"name\":\"a\nb\"}}]}", "items[0].metadata.name"),
            (#"{"items":[{"metadata":{"name":"cut"#, "items[0].metadata.name"), (#"{} {}"#, ""),
            (#"{"items":[{} {}]}"#, "items"),
        ] as [(String, String)]
    )
    func paths(text: String, path: String) throws {
        let error = try #require(throws: JSONError.self) { try JSON.decode(List.self, from: text) }
        #expect(error.path == path)
    }

    @Test("given an error without a field, when it is described, then only the byte is named")
    func descriptionWithoutPath() throws {
        let error = try #require(throws: JSONError.self) { try JSON.decode(Int.self, from: " true") }
        #expect(error.description == "expected a whole number, found true or false (at byte 1)")
    }

    @Test("given nesting beyond the limit, when it is refused, then locating it ends too")
    func tooDeep() throws {
        let text = String(repeating: "[", count: 5000)
        let error = try #require(throws: JSONError.self) { try JSON.decode(JSONValue.self, from: text) }
        #expect(error.code == .tooDeep)
        #expect(error.offset == 513)
    }
}
