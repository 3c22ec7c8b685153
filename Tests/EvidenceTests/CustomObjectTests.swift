// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@testable import Evidence

@Suite("Objects of kinds that somebody has added", .timeLimit(.minutes(5)))
struct CustomObjectTests {
    private static let gadget = APIResource(
        group: "gadgets.example.com",
        version: "v1",
        kind: "Gadget",
        plural: "services"
    )

    /// A namespace with a gadget that is not ready; its plural is that of a kind of Kubernetes' own.
    private func namespaceWithGadget(_ cluster: TestCluster) async throws -> String {
        let schema: JSONValue = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        let version: JSONValue = [
            "name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema],
        ]
        var definition: JSONValue = ["apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"]
        definition["metadata"] = ["name": "services.gadgets.example.com"]
        definition["spec"] = [
            "group": "gadgets.example.com", "scope": "Namespaced",
            "names": ["kind": "Gadget", "plural": "services", "singular": "gadget"], "versions": [version],
        ]
        let path = FileManager.default.temporaryDirectory.appending(path: "gadgets-\(UUID().uuidString).json").path
        try Data(JSON.encode(definition)).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await cluster.installDefinitions(from: path)
        let namespace = try await cluster.makeNamespace()
        var object: JSONValue = ["apiVersion": "gadgets.example.com/v1", "kind": "Gadget"]
        object["metadata"] = ["name": "lever"]
        object["spec"] = ["note": "canary-of-the-spec"]
        object["status"] = [
            "conditions": [
                [
                    "type": "Ready", "status": "False", "reason": "OutOfOil", "message": "the gearbox is dry",
                    "lastTransitionTime": "2026-01-01T00:00:00Z",
                ]
            ]
        ]
        _ = try await cluster.client.resources(DynamicObject.self, of: Self.gadget, namespace: namespace)
            .create(DynamicObject(object))
        return namespace
    }

    private var limits: ClusterEvidence.Limits {
        var limits = ClusterEvidence.Limits()
        limits.customKinds = 200
        return limits
    }

    @Test("given one that says it is not ready, when its namespace is diagnosed, then it is found, if it may be read")
    func live() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await namespaceWithGadget(cluster)
        let scope = EvidenceScope(namespace: namespace)
        let snapshot = try await ClusterEvidence(client: cluster.client, limits: limits).snapshot(of: scope)
        let finding = Analyzers.findings(in: snapshot).first { $0.causeClass == .customResourceNotReady }
        #expect(finding?.owner.name == "lever" && finding?.owner.kind == "Gadget")
        #expect(finding?.evidence.contains { $0.text.contains("the gearbox is dry") } == true)

        let without = try await ClusterEvidence(client: cluster.client).snapshot(of: scope)
        #expect(without.customObjects.items.isEmpty, "nobody has asked for them")
        var configuration = cluster.client.configuration
        configuration.impersonation = Impersonation(user: "jane")
        try await cluster.kubectl("create", "rolebinding", "jane", "-n", namespace, "--clusterrole=view", "--user=jane")
        let jane = try KubernetesClient(configuration: configuration)
        try await jane.waitUntilAllowed(.resource(.init(verb: "list", resource: "pods", namespace: namespace)))
        let narrow = try await ClusterEvidence(client: jane, limits: limits).snapshot(of: scope)
        #expect(narrow.customObjects.items.isEmpty)
        #expect(!narrow.unreadable.contains { $0.what.contains("Gadget") })
    }

    @Test("given a bundle of the cluster, then it has their state and nothing else of them, and the Services as well")
    func collected() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await namespaceWithGadget(cluster)
        try await cluster.kubectl("create", "service", "clusterip", "web", "-n", namespace, "--tcp=80")
        var bytes: [UInt8] = []
        try await ClusterCollector(client: cluster.client).collect(
            namespace: namespace,
            write: { bytes += $0 },
            progress: { _ in }
        )
        let path = FileManager.default.temporaryDirectory.appending(path: "gadgets-\(UUID().uuidString).tar.gz").path
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let snapshot = try await BundleEvidence(path: path).snapshot(of: EvidenceScope(namespace: namespace))
        #expect(snapshot.customObjects.items.map(\.metadata.name) == ["lever"])
        #expect(snapshot.customObjects.items.first?.conditions.first?.reason == "OutOfOil")
        #expect(snapshot.services.contains("web", in: namespace) == true)
        #expect(snapshot.services.contains("lever", in: namespace) == false)
        let files = try BundleFiles(path, limits: BundleEvidence.Limits())
        for file in files.files {
            #expect(!String(decoding: try files.read(file), as: UTF8.self).contains("canary-of-the-spec"))
        }
    }
}
