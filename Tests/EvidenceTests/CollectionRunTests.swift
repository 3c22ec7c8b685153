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
}
