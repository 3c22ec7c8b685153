// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("Object metadata, status and resource paths")
struct MetadataTests {
    private func text(_ value: some JSONEncodable) -> String { String(decoding: JSON.encode(value), as: UTF8.self) }

    private let full = """
        {"name":"web-0","generateName":"web-","namespace":"shop","uid":"u-1","resourceVersion":"42","generation":3,\
        "creationTimestamp":"2026-01-02T03:04:05Z","deletionTimestamp":"2026-01-02T03:05:05Z",\
        "labels":{"app":"web","tier":"front"},"annotations":{"a/b":"ü \\"x\\""},\
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u-2","controller":true,\
        "blockOwnerDeletion":true},{"apiVersion":"v1","kind":"ConfigMap","name":"c","uid":"u-3"}],\
        "finalizers":["example.com/hold"]}
        """

    @Test("given metadata with all fields, when it is read and written, then it is the same text")
    func roundTrip() throws {
        let metadata = try JSON.decode(ObjectMeta.self, from: full)
        #expect(metadata.name == "web-0")
        #expect(metadata.generation == 3)
        #expect(metadata.creationTimestamp == Timestamp(seconds: 1_767_323_045))
        #expect(metadata.annotations == ["a/b": "ü \"x\""])
        #expect(metadata.controllerReference?.name == "web")
        #expect(metadata.ownerReferences.count == 2)
        #expect(text(metadata) == full)
    }

    @Test("given managed fields and other fields of no use here, when metadata is read, then they are passed over")
    func managedFields() throws {
        let text = #"""
            {"managedFields":[{"manager":"kubectl","operation":"Apply","fieldsV1":{"f:metadata":{"f:name":{},
            "k:{\"name\":\"x\"}":{".":{}}}}}],"selfLink":"/old","name":"a"}
            """#
        #expect(try JSON.decode(ObjectMeta.self, from: text) == ObjectMeta(name: "a"))
    }

    @Test("given null fields, when metadata is read, then they are as good as absent")
    func nulls() throws {
        let text = #"""
            {"name":"a","namespace":null,"uid":null,"generation":null,"creationTimestamp":null,"labels":null,
            "annotations":null,"ownerReferences":null,"finalizers":null,"generateName":null}
            """#
        #expect(try JSON.decode(ObjectMeta.self, from: text) == ObjectMeta(name: "a"))
    }

    @Test("given empty metadata, when it is written, then no field is")
    func empty() {
        #expect(text(ObjectMeta()) == "{}")
        #expect(ObjectMeta().controllerReference == nil)
    }

    @Test("given an object of an unknown kind, when its metadata is changed, then the rest of it stays")
    func dynamicObject() throws {
        let source = #"{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"size":3}}"#
        var object = try JSON.decode(DynamicObject.self, from: source)
        #expect(object.kind == "Thing")
        #expect(object.apiVersion == "example.com/v1")
        #expect(object.metadata.name == "a")
        #expect(text(object) == source)
        object.metadata.labels = ["x": "y"]
        #expect(object.value.value(at: "spec", "size")?.integerValue == 3)
        #expect(object.value.value(at: "metadata", "labels", "x")?.stringValue == "y")
        #expect(object.metadata.labels == ["x": "y"])
        #expect(DynamicObject(["kind": 5]).metadata == ObjectMeta())
        #expect(DynamicObject(["kind": 5]).kind == "")
    }

    @Test(
        "given a kind, when its path is asked for, then group, scope, name and subresource are in it",
        arguments: [
            (nil, nil, nil, "/api/v1/pods", "/apis/apps/v1/deployments", "/api/v1/nodes"),
            (
                "shop", nil, nil, "/api/v1/namespaces/shop/pods", "/apis/apps/v1/namespaces/shop/deployments",
                "/api/v1/nodes"
            ),
            (
                "shop", "web", nil, "/api/v1/namespaces/shop/pods/web", "/apis/apps/v1/namespaces/shop/deployments/web",
                "/api/v1/nodes/web"
            ),
            (
                "shop", "web", "status", "/api/v1/namespaces/shop/pods/web/status",
                "/apis/apps/v1/namespaces/shop/deployments/web/status", "/api/v1/nodes/web/status"
            ),
        ] as [(String?, String?, String?, String, String, String)]
    )
    func paths(
        namespace: String?,
        name: String?,
        subresource: String?,
        pods: String,
        deployments: String,
        nodes: String
    ) {
        let deployment = APIResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
        let node = APIResource(group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false)
        #expect(Pod.apiResource.path(namespace: namespace, name: name, subresource: subresource) == pods)
        #expect(deployment.path(namespace: namespace, name: name, subresource: subresource) == deployments)
        #expect(node.path(namespace: namespace, name: name, subresource: subresource) == nodes)
        #expect(Pod.apiResource.apiVersion == "v1")
        #expect(deployment.apiVersion == "apps/v1")
    }

    @Test("given a server's Status, when it is read, then reason, code, wait and causes are there")
    func status() throws {
        let status = try JSON.decode(
            Status.self,
            from: #"""
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"it is wrong",
                "reason":"Invalid","details":{"name":"x","group":"g","kind":"k","retryAfterSeconds":7,
                "causes":[{"reason":"FieldValueInvalid","message":"too long","field":"spec.title"},
                {"reason":"FieldValueRequired","message":"missing"}]},"code":422}
                """#
        )
        #expect(status.reason == "Invalid")
        #expect(status.code == 422)
        #expect(status.retryAfterSeconds == 7)
        #expect(status.causes.map(\.field) == ["spec.title", ""])
        #expect(status.causes.map(\.reason) == ["FieldValueInvalid", "FieldValueRequired"])
        #expect(try JSON.decode(Status.self, from: JSON.encode(status)) == status)
        #expect(try JSON.decode(Status.self, from: #"{"details":null,"message":null}"#) == Status(status: ""))
        #expect(
            text(Status(code: 404, reason: "NotFound", message: "no"))
                == #"{"apiVersion":"v1","kind":"Status","status":"Failure","message":"no","reason":"NotFound","code":404}"#
        )
    }

    @Test("given a list, when it is read, then its version, its continue token and its objects are there")
    func list() throws {
        let list = try JSON.decode(
            ResourceList<Lease>.self,
            from: #"""
                {"kind":"LeaseList","metadata":{"resourceVersion":"9","continue":"next","remainingItemCount":4,
                "selfLink":""},"items":[{"metadata":{"name":"a"},"spec":null},{"metadata":{"name":"b"}}]}
                """#
        )
        #expect(list.metadata.resourceVersion == "9")
        #expect(list.metadata.continueToken == "next")
        #expect(list.metadata.remainingItemCount == 4)
        #expect(list.items.map(\.metadata.name) == ["a", "b"])
        #expect(try JSON.decode(ResourceList<Lease>.self, from: #"{"metadata":{},"items":null}"#).items.isEmpty)
    }

    @Test("given managedFields, then the versions that are not stable are kept, each once, and nothing else")
    func betaVersions() throws {
        let metadata = try JSON.decode(
            ObjectMeta.self,
            from: """
                {"name": "a", "managedFields": [{"manager": "x", "apiVersion": "policy/v1beta1", "fieldsV1": {"apiVersion": "b/v1beta1"}},
                  {"apiVersion": "v1"}, {"apiVersion": 5}, {"apiVersion": "policy/v1beta1"}, 7], "namespace": "shop"}
                """
        )
        #expect(metadata.betaVersions == ["policy/v1beta1"])
        #expect(metadata.namespace == "shop")
        #expect(try JSON.decode(ObjectMeta.self, from: #"{"managedFields": null, "name": "b"}"#).name == "b")
        let many = (0..<20).map { #"{"apiVersion": "x/v1beta\#($0)"}"# }.joined(separator: ",")
        #expect(try JSON.decode(ObjectMeta.self, from: "{\"managedFields\": [\(many)]}").betaVersions.count == 8)
    }
}
