// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("Kinds that are records")
struct KindRecordTests {
    struct Web: Resource, JSONRecord {
        static let apiResource = APIResource(group: "example.com", version: "v2", kind: "Web", plural: "webs")
        static let fields = [Field("metadata", \.metadata), Field("status", \.status)]
        var metadata = ObjectMeta()
        var status = ConditionedStatus()
    }

    private func text(_ value: some JSONEncodable) -> String { String(decoding: JSON.encode(value), as: UTF8.self) }

    @Test("given a kind that is a record, when it is written, then its group, version and kind come first")
    func kindAndVersion() throws {
        let web = Web(metadata: ObjectMeta(name: "a"))
        let expected =
            #"{"apiVersion":"example.com/v2","kind":"Web","metadata":{"name":"a"},"status":{"conditions":[]}}"#
        #expect(text(web) == expected)
        // Whoever only knows that it can be encoded gets the same.
        let erased: any JSONEncodable = web
        #expect(text(erased) == expected)
        #expect(try JSON.decode(Web.self, from: JSON.encode(web)).metadata == web.metadata)
    }

    @Test("given a status, then its generation and conditions are read and written back")
    func conditionedStatus() throws {
        let full = """
            {"observedGeneration":3,"conditions":[{"type":"Ready","status":"True","reason":"Done","message":"",\
            "lastTransitionTime":"2026-01-02T03:04:05Z"}]}
            """
        let status = try JSON.decode(ConditionedStatus.self, from: full)
        #expect(status.observedGeneration == 3 && status.conditions.isTrue("Ready"))
        #expect(text(status) == full)
        #expect(text(ConditionedStatus()) == #"{"conditions":[]}"#)
    }

    @Test("given a stored owner, then the reference makes it the one controller, which deletion waits for")
    func controllerReference() {
        var web = Web(metadata: ObjectMeta(name: "a", namespace: "shop"))
        web.metadata.uid = "u-1"
        let reference = OwnerReference(controller: web)
        let expected = OwnerReference(
            apiVersion: "example.com/v2",
            kind: "Web",
            name: "a",
            uid: "u-1",
            isController: true,
            blocksOwnerDeletion: true
        )
        #expect(reference == expected)
        #expect(ObjectMeta(name: "b", ownerReferences: [reference]).controllerReference == expected)
    }

    @Test("given a ConfigMap, then its data is written, and of what is no text only the names are known")
    func configMap() throws {
        let map = ConfigMap(metadata: ObjectMeta(name: "a"), data: ["k": "v"])
        #expect(text(map) == #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"}}"#)
        let read = try JSON.decode(ConfigMap.self, from: #"{"data":{"k":"v"},"binaryData":{"b":"AA=="}}"#)
        #expect(read.data == ["k": "v"] && read.binaryKeys == ["b"] && read.contains(key: "b"))
    }
}
