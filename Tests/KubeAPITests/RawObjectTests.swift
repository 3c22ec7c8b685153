// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("RawObject")
struct RawObjectTests {
    private let full =
        #"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"shop","uid":"u","resourceVersion":"7","#
        + #""managedFields":[{"manager":"m"}]},"spec":{"nodeName":"n1","containers":[],"one":1.0},"unknown":[1.50]}"#

    private func text(_ value: some JSONEncodable) -> String { String(decoding: JSON.encode(value), as: UTF8.self) }

    @Test("given an object, when it is read and written, then it is the same text, with what it says about itself")
    func roundTrip() throws {
        let object = try JSON.decode(RawObject.self, from: full)
        #expect(text(object) == full && object.json.description == full)
        #expect(object.metadata.name == "a" && object.metadata.namespace == "shop")
        #expect(object.metadata.uid == "u" && object.metadata.resourceVersion == "7")
        #expect(try object.decode(Pod.self).spec.nodeName == "n1")
    }

    @Test("given a list, when it is read, then each object is its own part of the text")
    func list() throws {
        let list = try JSON.decode(
            ResourceList<RawObject>.self,
            from: #"{"items":[\#(full), {"metadata":{"name":"b"}} ]}"#
        )
        #expect(list.items.map(\.metadata.name) == ["a", "b"])
        #expect(list.items.map { text($0) } == [full, #"{"metadata":{"name":"b"}}"#])
    }

    @Test("given metadata that are changed, then the rest of the object stays what it was")
    func change() throws {
        var object = try JSON.decode(RawObject.self, from: full)
        object.metadata.name = "b"
        #expect(text(object) == full.replacing(#""name":"a""#, with: #""name":"b""#))
        #expect(object.metadata.name == "b")
    }

    @Test("given an object that ends with its metadata, or has none, then they are read as far as they are there")
    func metadata() throws {
        #expect(try JSON.decode(RawObject.self, from: #"{"spec":{},"metadata":{"name":"a"}}"#).metadata.name == "a")
        #expect(try JSON.decode(RawObject.self, from: #"{"spec":{}}"#).metadata == ObjectMeta())
        #expect(try JSON.decode(RawObject.self, from: #"{"metadata":7}"#).metadata == ObjectMeta())
    }

    @Test("given a text that is not valid, then it is refused when it is read", arguments: [#"{"a":tru}"#, #"{"a":1"#])
    func invalid(text: String) {
        #expect(throws: JSONError.self) { try JSON.decode(RawObject.self, from: text) }
    }
}
