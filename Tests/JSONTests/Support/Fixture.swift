// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// An object with one field of each sort.
struct Fixture: JSONDecodable, JSONEncodable, Equatable {
    struct Part: JSONDecodable, JSONEncodable, Equatable {
        var name = "unnamed"
        var weight: Int64?

        init(name: String = "unnamed", weight: Int64? = nil) {
            self.name = name
            self.weight = weight
        }

        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "name": try reader.read(into: &name)
                case "weight": try reader.read(into: &weight)
                default: try reader.skipValue()
                }
            }
        }

        func encode(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.field("name", name)
                writer.field("weight", weight)
            }
        }
    }

    var title = "untitled"
    var count = 7
    var ratio = 0.5
    var isOn = true
    var note: String?
    var labels: [String: String] = [:]
    var parts: [Part] = []

    init() {}

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "title": try reader.read(into: &title)
            case "count": try reader.read(into: &count)
            case "ratio": try reader.read(into: &ratio)
            case "isOn": try reader.read(into: &isOn)
            case "note": try reader.read(into: &note)
            case "labels": try reader.read(into: &labels)
            case "parts": try reader.read(into: &parts)
            default: try reader.skipValue()
            }
        }
    }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("title", title)
            writer.field("count", count)
            writer.field("ratio", ratio)
            writer.field("isOn", isOn)
            writer.field("note", note)
            writer.field("labels", labels)
            writer.field("parts", parts)
        }
    }

    /// A text that holds everything that a reader has to get past, known and unknown.
    static let text = #"""
        {"title":"a \"quoted\" \u00e9 title","count":-12,"unknown":{"deep":[1,2.5e3,{"x":[null,true,"]}"]}]},
         "ratio":0.25,"isOn":false,"labels":{"a/b":"1","c":"zwei \\ drei"},"more":[],"nothing":null,
         "parts":[{"name":"first","weight":9007199254740993},{"weight":null,"extra":"…"},{}],"note":"übrig"}
        """#

    static var expected: Fixture {
        var fixture = Fixture()
        fixture.title = #"a "quoted" é title"#
        fixture.count = -12
        fixture.ratio = 0.25
        fixture.isOn = false
        fixture.note = "übrig"
        fixture.labels = ["a/b": "1", "c": #"zwei \ drei"#]
        fixture.parts = [Part(name: "first", weight: 9_007_199_254_740_993), Part(), Part()]
        return fixture
    }
}

/// The code with which a text is refused, or nil if it is read.
func refusal<Value: JSONDecodable>(of text: String, as type: Value.Type) -> JSONError.Code? {
    do {
        _ = try JSON.decode(type, from: text)
        return nil
    } catch {
        return error.code
    }
}

/// A value that is passed over.
struct Skipped: JSONDecodable {
    init(from reader: inout JSONReader) throws(JSONError) { try reader.skipValue() }
}

/// What a JSON text is after it was written.
func written(_ value: some JSONEncodable) -> String { String(decoding: JSON.encode(value), as: UTF8.self) }
