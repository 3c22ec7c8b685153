// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("RawJSON")
struct RawJSONTests {
    private struct Envelope: JSONDecodable, JSONEncodable {
        var name = ""
        var payload: RawJSON?

        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "name": try reader.read(into: &name)
                case "payload": try reader.read(into: &payload)
                default: try reader.skipValue()
                }
            }
        }

        func encode(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.field("name", name)
                writer.field("payload", payload)
            }
        }
    }

    @Test(
        "given a part that nobody understands, when it is read and written, then its bytes are the same",
        arguments: [
            "1.50", "-0", "1e400", "123456789012345678901234567890", #""\u0041\/""#, #"{ "b": [1,2 ],"a":null }"#, "[]",
            "true", #"{"z":{"y":1.0,"x":"é"}}"#,
        ]
    )
    func passingOn(part: String) throws {
        let text = #"{"name":"a","payload":\#(part)}"#
        #expect(written(try JSON.decode(Envelope.self, from: text)) == text)
        let spaced = "{ \"name\" : \"a\" , \"payload\" : \n \(part) \t}"
        #expect(written(try JSON.decode(Envelope.self, from: spaced)) == text)
    }

    @Test(
        "given a part that is not valid, when it is taken in leniently, then it is refused with its place",
        arguments: [
            ("[1,]", .unexpectedByte, 3), ("{\"a\":1,\"a\":2}", .duplicateKey, 7), ("tru", .unexpectedEnd, 2),
            ("[\"\\ud800\"]", .invalidString, 2), ("{{}}", .unexpectedByte, 1), ("[1}", .unexpectedByte, 2),
        ] as [(String, JSONError.Code, Int)]
    )
    func refusing(part: String, code: JSONError.Code, offset: Int) throws {
        let text = #"{"name":"a","payload": \#(part) }"#
        let error = try #require(throws: JSONError.self) { try JSON.decode(Envelope.self, from: text) }
        #expect(error.code == code)
        #expect(error.offset == 23 + offset)
        #expect(error.path.hasPrefix("payload"))
    }

    @Test("given null or nothing for an optional part, when it is read, then there is none")
    func absence() throws {
        #expect(try JSON.decode(Envelope.self, from: #"{"payload":null}"#).payload == nil)
        #expect(try JSON.decode(Envelope.self, from: "{}").payload == nil)
        #expect(try JSON.decode(RawJSON.self, from: "null").bytes == Array("null".utf8))
    }

    @Test("given raw bytes, when they are understood later, then the value and its errors count from their beginning")
    func decodingLater() throws {
        let raw = try RawJSON(Array(#" {"count":12} "#.utf8))
        #expect(raw.description == #"{"count":12}"#)
        #expect(try raw.decode(Fixture.self).count == 12)
        let error = try #require(throws: JSONError.self) { try raw.decode([Int].self) }
        #expect(error.offset == 0)
        #expect(RawJSON(encoding: Fixture.expected).bytes == JSON.encode(Fixture.expected))
        #expect(throws: JSONError.self) { try RawJSON(Array("1 2".utf8)) }
    }

    @Test("given a part as large as no limit would let through, when it is taken in, then only its nesting is limited")
    func limits() throws {
        let large = "\"\(String(repeating: "x", count: 4 << 20))\""
        #expect(try JSON.decode(RawJSON.self, from: large).bytes.count == large.utf8.count)
        let deep = String(repeating: "[", count: 513) + String(repeating: "]", count: 513)
        #expect(refusal(of: deep, as: RawJSON.self) == .tooDeep)
    }
}
