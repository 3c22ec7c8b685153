// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite struct InventoryTests {
    private static func service(_ name: String, in namespace: String = "shop") -> Service {
        Service(metadata: ObjectMeta(name: name, namespace: namespace))
    }

    @Test("given a list that is whole in one namespace, then absence is known there and nowhere else")
    func absence() {
        let services = Inventory([Self.service("web")], coverage: .namespaces(["shop"]))
        #expect(services.contains("web", in: "shop") == true)
        #expect(services.contains("cart", in: "shop") == false)
        #expect(services.contains("web", in: "bank") == nil)
        #expect(services.isComplete(in: "shop"))
        #expect(!services.isComplete())
    }

    @Test("given a read that failed, then nothing is known to be missing")
    func gap() {
        var services = Inventory<Service>()
        #expect(!services.wasRead)
        services.add(gap: Unreadable(what: "Service objects", reason: "Forbidden", message: "no"))
        #expect(services.wasRead)
        #expect(services.contains("web", in: "shop") == nil)
    }

    @Test("given the same object twice, then the later one replaces the earlier")
    func replacement() {
        var services = Inventory([Self.service("web"), Self.service("cart")], coverage: .nothing)
        var later = Self.service("web")
        later.type = "NodePort"
        services.add([later], coverage: .namespaces(["shop"]))
        #expect(services.items.count == 2)
        #expect(services["web", in: "shop"]?.type == "NodePort")
        #expect(services.items(in: "shop").map(\.metadata.name) == ["web", "cart"])
    }

    @Test("given a pod that is not in a complete list, then it does not exist; a name in another group says nothing")
    func existence() throws {
        var cluster = Fixture()
        try cluster.rawPod("web-1", status: "{}")
        try cluster.add(\.services, "web")
        let snapshot = cluster.snapshot
        func pod(_ name: String) -> ObjectReference { ObjectReference(kind: "Pod", namespace: "shop", name: name) }
        #expect(snapshot.exists(pod("web-1")) == true)
        #expect(snapshot.exists(pod("web-2")) == nil)
        cluster.completeNamespace()
        #expect(cluster.snapshot.exists(pod("web-2")) == false)
        let other = ObjectReference(
            apiVersion: "serving.knative.dev/v1",
            kind: "Service",
            namespace: "shop",
            name: "web"
        )
        #expect(snapshot.exists(other) == nil)
        var core = other
        core.apiVersion = "v1"
        #expect(snapshot.exists(core) == true)
    }

    @Test("given pods in trouble and their neighbours, then a selector finds both and a changed list is seen at once")
    func lookups() throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"nodeName": "a", "containers": []}"#,
            status: "{}",
            more: #", "labels": {"app": "web"}"#
        )
        let selector = LabelSelector(matchLabels: ["app": "web"])
        #expect(cluster.snapshot.pods(matching: selector, in: "shop").count == 1)
        #expect(cluster.snapshot.pods(on: "a").map(\.metadata.name) == ["web-1"])
        cluster.edit {
            $0.neighbourPods = [Pod(metadata: ObjectMeta(name: "web-2", namespace: "shop", labels: ["app": "web"]))]
        }
        #expect(cluster.snapshot.pods(matching: selector, in: "shop").map(\.metadata.name) == ["web-1", "web-2"])
        #expect(cluster.snapshot.pods(matching: selector, in: "bank").isEmpty)
    }
}
