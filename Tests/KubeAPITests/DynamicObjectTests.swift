// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("DynamicObject")
struct DynamicObjectTests {
    private func text(_ value: some JSONEncodable) -> String { String(decoding: JSON.encode(value), as: UTF8.self) }

    private let full =
        #"{"kind":"Thing","apiVersion":"example.com/v1","metadata":{"zone":{"b":1.0,"a":[]},"uid":"u","name":"a","#
        + #""creationTimestamp":null,"labels":{"z":"1","a":"2"},"annotations":null,"ownerReferences":[{"uid":"o1","#
        + #""name":"x","kind":"K","apiVersion":"v1","controller":false,"weight":1e3},{"uid":"o2","name":"y","kind":"K","#
        + #""apiVersion":"v1","extra":{"deep":-0}}],"managedFields":[{"manager":"m","fieldsV1":{"f:spec":{}}}]},"#
        + #""spec":{"big":9007199254740993,"bigger":123456789012345678901234567890,"one":1.0,"huge":1e400,"#
        + #""tiny":1e-400,"exp":1E+2,"zero":-0.0,"text":"é\n","none":null,"list":[[],{}]},"unknown":[1.50]}"#

    @Test("given an object with everything in it, when it is read and written, then it is the same text")
    func roundTrip() throws {
        #expect(text(try JSON.decode(DynamicObject.self, from: full)) == full)
        #expect(text(try JSON.decode(DynamicObject.self, from: full, mode: .strict)) == full)
    }

    @Test("given metadata that is set to what it is, when the object is written, then it is the same text")
    func unchanged() throws {
        var object = try JSON.decode(DynamicObject.self, from: full)
        let metadata = object.metadata
        #expect(metadata.ownerReferences.count == 2)
        object.metadata = metadata
        #expect(text(object) == full)
    }

    @Test("given metadata with fields that nobody knows, when known ones are changed, then nothing else is")
    func knownFields() throws {
        var object = try JSON.decode(DynamicObject.self, from: full)
        object.metadata.name = "b"
        object.metadata.labels["z"] = nil
        object.metadata.labels["new"] = "3"
        object.metadata.annotations = ["k": "v"]
        object.metadata.uid = nil
        object.metadata.finalizers = ["f"]
        let expected =
            full.replacing(#""uid":"u","name":"a""#, with: #""name":"b""#)
            .replacing(#"{"z":"1","a":"2"}"#, with: #"{"a":"2","new":"3"}"#)
            .replacing(#""annotations":null"#, with: #""annotations":{"k":"v"}"#)
            .replacing(#""fieldsV1":{"f:spec":{}}}]}"#, with: #""fieldsV1":{"f:spec":{}}}],"finalizers":["f"]}"#)
        #expect(text(object) == expected)
    }

    @Test("given owner references with fields that nobody knows, when some change or go, then those of the rest stay")
    func ownerReferences() throws {
        var object = try JSON.decode(DynamicObject.self, from: full)
        object.metadata.ownerReferences.removeFirst()
        object.metadata.ownerReferences[0].isController = true
        let other = OwnerReference(apiVersion: "v1", kind: "N", name: "z", uid: "o3")
        object.metadata.ownerReferences.append(other)
        let list = try #require(object.value.value(at: "metadata", "ownerReferences"))
        #expect(
            text(list)
                == #"[{"uid":"o2","name":"y","kind":"K","apiVersion":"v1","extra":{"deep":-0},"controller":true},"#
                + #"{"apiVersion":"v1","kind":"N","name":"z","uid":"o3"}]"#
        )
        #expect(object.metadata.ownerReferences.map(\.uid) == ["o2", "o3"])
        object.metadata.ownerReferences = []
        #expect(object.value.value(at: "metadata", "ownerReferences") == nil)
    }

    @Test("given whole new metadata, when it is set, then only fields that nobody knows stay of the old")
    func replaced() throws {
        var object = try JSON.decode(DynamicObject.self, from: full)
        object.metadata = ObjectMeta(name: "other", namespace: "shop")
        #expect(object.metadata == ObjectMeta(name: "other", namespace: "shop"))
        let fields = try #require(object.value["metadata"])
        #expect(fields["managedFields"]?.arrayValue?.count == 1)
        #expect(fields["zone"] == ["b": .number(try #require(JSONNumber("1.0"))), "a": []])
        #expect(fields["labels"] == nil)
    }

    @Test("given no metadata or such as cannot be understood, when a field is set, then it is there")
    func unreadable() throws {
        var object = DynamicObject(["kind": "Thing"])
        object.metadata.name = "a"
        #expect(text(object) == #"{"kind":"Thing","metadata":{"name":"a"}}"#)
        object = DynamicObject(["metadata": ["name": 5, "managedFields": []]])
        #expect(object.metadata == ObjectMeta())
        object.metadata.labels = ["x": "y"]
        #expect(text(object) == #"{"metadata":{"name":5,"managedFields":[],"labels":{"x":"y"}}}"#)
        object = DynamicObject(["metadata": "none"])
        object.metadata.name = "a"
        #expect(object.metadata == ObjectMeta(name: "a"))
    }
}
