// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

@testable import Evidence

@Suite("CollectionRun")
struct CollectionRunTests {
    private func map(_ name: String) -> DynamicObject {
        DynamicObject(["metadata": ["name": .string(name), "namespace": "shop"], "data": ["a": "b"]])
    }

    /// What a bundle of some files tells.
    private func snapshot(_ files: [NewFile]) throws -> Snapshot {
        var objects = BundleObjects()
        for file in files { try objects.add(file.content, path: file.path) }
        var snapshot = Snapshot(takenAt: Timestamp(seconds: 0))
        objects.fill(&snapshot, EvidenceScope(namespace: "shop"))
        return snapshot
    }

    @Test("given a list of which the rest never came, then the bundle does not say that there is nothing else")
    func brokenOff() throws {
        var run = CollectionRun(namespace: "shop", limits: ClusterCollector.Limits())
        run.begin()
        var files = run.lists(of: ConfigMap.apiResource, [map("a")], isLast: false)
        #expect(try snapshot(files).configMaps.contains("a", in: "shop") == true)
        #expect(try snapshot(files).configMaps.contains("z", in: "shop") == nil)
        files += run.lists(of: ConfigMap.apiResource, [map("b")], isLast: true)
        #expect(try snapshot(files).configMaps.contains("b", in: "shop") == true)
        #expect(try snapshot(files).configMaps.contains("z", in: "shop") == false)
        #expect(Set(files.map(\.path)).count == files.count, "no file may replace another")
    }

    @Test("given an object, then annotations, settings and texts are redacted, and names and references stay")
    func redaction() throws {
        let pod: JSONValue = [
            "metadata": [
                "name": "web", "managedFields": [["manager": "canary"]], "labels": ["app": "web"],
                "annotations": ["kubectl.kubernetes.io/last-applied-configuration": "canary"],
            ],
            "spec": [
                "template": ["metadata": ["annotations": ["vault-token": "canary"]]],
                "imagePullSecrets": [["name": "registry-password"]],
                "containers": [
                    [
                        "name": "app", "args": ["--password", "canary"],
                        "env": [["name": "DB_PASSWORD", "value": "canary"], ["name": "MODE", "value": "fast"]],
                    ]
                ],
            ],
            "status": ["message": "token=canary"],
        ]
        let redacted = ObjectRedaction.redact(pod, kind: "Pod")
        let text = String(decoding: JSON.encode(redacted), as: UTF8.self)
        #expect(!text.contains("canary"), "\(text)")
        for kept in ["registry-password", "DB_PASSWORD", "fast", #""app":"web""#] { #expect(text.contains(kept)) }
        let map: JSONValue = ["metadata": ["name": "m"], "data": ["api-key": "canary"], "binaryData": ["k": "canary"]]
        let settings = ObjectRedaction.redact(map, kind: "ConfigMap")
        #expect(!String(decoding: JSON.encode(settings), as: UTF8.self).contains("canary"))
        #expect(settings.value(at: "binaryData", "k") == "")
    }

    @Test("given what kubectl has applied, then of it only the version is kept")
    func applied() {
        let key = "kubectl.kubernetes.io/last-applied-configuration"
        let note = #"{"apiVersion":"policy/v1beta1","data":{"password":"canary"}}"#
        let object: JSONValue = ["metadata": ["name": "web", "annotations": [key: .string(note)]]]
        let kept = ObjectRedaction.redact(object, kind: "PodDisruptionBudget").value(at: "metadata", "annotations", key)
        #expect(kept?.stringValue == #"{"apiVersion":"policy/v1beta1"}"#)
    }

    // MARK: Events about nodes

    private func event(about node: String) -> DynamicObject {
        DynamicObject([
            "metadata": ["name": .string("event-\(node)"), "namespace": "default"], "reason": "NodeNotReady",
            "involvedObject": ["kind": "Node", "name": .string(node)], "message": "token=canary",
        ])
    }

    @Test("given the events about nodes, then those of the pods' nodes are part of a namespace's bundle")
    func nodeEvents() throws {
        var run = CollectionRun(namespace: "shop", limits: ClusterCollector.Limits())
        run.begin()
        let pod = DynamicObject(["metadata": ["name": "web", "namespace": "shop"], "spec": ["nodeName": "a"]])
        var files = run.lists(of: Pod.apiResource, [pod], isLast: true)
        files += run.nodeEvents([event(about: "a"), event(about: "b")])
        #expect(!files.contains { String(decoding: $0.content, as: UTF8.self).contains("canary") })
        let snapshot = try snapshot(files)
        #expect(snapshot.events.map(\.involvedObject.name) == ["a"])
        #expect(snapshot.coverage["Event"]?.includes("default") != true, "there may be other events")
        #expect(run.nodeEvents([event(about: "b")]).isEmpty)
    }

    @Test("given somebody who may know his namespace only, then a bundle tells him nothing of what happened to nodes")
    func confined() throws {
        var run = CollectionRun(namespace: "shop", limits: ClusterCollector.Limits())
        run.begin()
        let pod = DynamicObject(["metadata": ["name": "web", "namespace": "shop"], "spec": ["nodeName": "a"]])
        let files = run.lists(of: Pod.apiResource, [pod], isLast: true) + run.nodeEvents([event(about: "a")])
        var objects = BundleObjects()
        for file in files { try objects.add(file.content, path: file.path) }
        var snapshot = Snapshot(takenAt: Timestamp(seconds: 0))
        objects.fill(&snapshot, EvidenceScope(namespace: "shop", isConfinedToNamespace: true))
        #expect(snapshot.events.isEmpty)
    }

    @Test("given the version of the server in a bundle, then a diagnosis knows it")
    func serverVersion() throws {
        var collection = Collection()
        collection.serverVersion = "v1.31.2"
        let file = NewFile(path: [Collection.path], content: JSON.encode(collection))
        #expect(try snapshot([file]).serverVersion == "v1.31.2")
    }
}
