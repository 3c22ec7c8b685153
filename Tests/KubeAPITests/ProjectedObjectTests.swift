// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

struct ProjectedObjectTests {
    private enum Placement: FieldSelection {
        static let fields = FieldSet([
            "spec.nodeName", "status.containerStatuses.restartCount", "status.conditions", "status.conditions.type",
        ])
    }

    private enum Whole: FieldSelection {
        static let fields = FieldSet(["spec.nodeName", "spec"])
    }

    private let pod = """
        {"kind": "Pod", "metadata": {"name": "web", "managedFields": [{"manager": "x"}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "mine": "1"}},
        "spec": {"nodeName": "n1", "containers": [{"name": "c"}]},
        "status": {"containerStatuses": [{"name": "c", "restartCount": 3}, {"name": "d", "restartCount": 0}],
        "conditions": [{"type": "Ready", "status": "True"}], "phase": null}}
        """

    @Test("given chosen fields, then only these are kept, through arrays, and the metadata without the usual ballast")
    func chosen() throws {
        let object = try JSON.decode(ProjectedObject<Placement>.self, from: pod)
        #expect(
            object.value == [
                "spec": ["nodeName": "n1"],
                "status": [
                    "containerStatuses": [["restartCount": 3], ["restartCount": 0]],
                    "conditions": [["type": "Ready", "status": "True"]],
                ],
            ]
        )
        #expect(object.metadata.name == "web" && object.metadata.annotations == ["mine": "1"])
        let again = try JSON.decode(ProjectedObject<Placement>.self, from: JSON.encode(object))
        #expect(again == object)
    }

    @Test("given a field and what it belongs to, then the larger of the two is kept")
    func whole() throws {
        let object = try JSON.decode(ProjectedObject<Whole>.self, from: pod)
        #expect(object.value == ["spec": ["nodeName": "n1", "containers": [["name": "c"]]]])
    }

    @Test("given any object, then its metadata can be read alone and is written as what it is")
    func metadataOnly() throws {
        let object = try JSON.decode(PartialObjectMetadata.self, from: pod)
        #expect(object.metadata.name == "web")
        let written = try JSON.decode(JSONValue.self, from: JSON.encode(object))
        #expect(written["kind"] == "PartialObjectMetadata" && written["apiVersion"] == "meta.k8s.io/v1")
        #expect(written["spec"] == nil)
    }
}
