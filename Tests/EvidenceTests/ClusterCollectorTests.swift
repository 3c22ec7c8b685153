// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import Evidence
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("ClusterCollector on a real API server", .timeLimit(.minutes(5)))
struct ClusterCollectorTests {
    private final class Sink {
        var bytes: [UInt8] = []
    }

    /// Saves a namespace, and reads what was saved.
    private func saved(
        _ client: KubernetesClient,
        _ namespace: String,
        pageObjects: Int
    ) async throws -> Snapshot {
        var limits = ClusterCollector.Limits()
        limits.pageObjects = pageObjects
        let sink = Sink()
        try await ClusterCollector(client: client, limits: limits).collect(
            namespace: namespace,
            write: { sink.bytes += $0 },
            progress: { _ in }
        )
        let path = FileManager.default.temporaryDirectory.appending(path: "collected-\(UUID().uuidString).tar.gz")
        try Data(sink.bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try await BundleEvidence(path: path.path).snapshot(of: EvidenceScope(namespace: namespace))
    }

    @Test("given lists of one or of many pages, then the bundle knows all objects, and that there are no others")
    func pages() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        for number in 0..<5 {
            try await cluster.kubectl("create", "configmap", "map-\(number)", "-n", namespace, "--from-literal=a=b")
        }
        for pageObjects in [2, 100] {
            let snapshot = try await saved(cluster.client, namespace, pageObjects: pageObjects)
            let names = snapshot.configMaps.items(in: namespace).map(\.metadata.name).filter { $0.hasPrefix("map-") }
            #expect(names.sorted() == (0..<5).map { "map-\($0)" })
            #expect(snapshot.configMaps.contains("map-9", in: namespace) == false)
            #expect(snapshot.services.contains("web", in: namespace) == false)
            #expect(snapshot.storageClasses.contains("fast") == false)
            #expect(snapshot.secrets.contains("login", in: namespace) == nil, "Secrets are not read")
            #expect(snapshot.unreadable.isEmpty)
        }
    }

    @Test("given rights on nothing but pods, then the bundle does not take the rest to be missing")
    func forbidden() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        try await cluster.kubectl("create", "role", "pods", "-n", namespace, "--verb=get,list", "--resource=pods")
        try await cluster.kubectl("create", "rolebinding", "jane", "-n", namespace, "--role=pods", "--user=jane")
        var configuration = cluster.client.configuration
        configuration.impersonation = Impersonation(user: "jane")
        let jane = try KubernetesClient(configuration: configuration)
        try await jane.waitUntilAllowed(.resource(.init(verb: "list", resource: "pods", namespace: namespace)))
        let snapshot = try await saved(jane, namespace, pageObjects: 100)
        #expect(snapshot.services.contains("web", in: namespace) == nil)
        #expect(snapshot.services.gaps.map(\.reason) == ["Forbidden"])
        #expect(snapshot.unreadable.contains { $0.what == "Deployment objects in namespace \(namespace)" })
        #expect(
            snapshot.exists(ObjectReference(apiVersion: "v1", kind: "Pod", namespace: namespace, name: "x")) == false
        )
    }

    @Test(
        "given a pod in trouble on a node, then what happened to the node is known, from the cluster and from a bundle"
    )
    func nodeEvents() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let nodes = ["of-\(namespace)", "other-than-\(namespace)"]
        for node in nodes {
            try await cluster.kubectl(
                "apply",
                "-f",
                "-",
                input: """
                    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "\(node)"}}
                    """
            )
            try await cluster.kubectl(
                "apply",
                "-f",
                "-",
                input: """
                    {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "\(node)", "namespace": "default"},
                     "involvedObject": {"kind": "Node", "name": "\(node)"}, "reason": "Rebooted", "type": "Warning",
                     "message": "the node has been rebooted"}
                    """
            )
        }
        try await cluster.kubectl(
            "apply",
            "-f",
            "-",
            input: """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "\(namespace)"},
                 "spec": {"nodeName": "\(nodes[0])", "containers": [{"name": "app", "image": "registry.local/app:1"}]}}
                """
        )
        let version = try await cluster.client.serverVersion().gitVersion
        let live = try await ClusterEvidence(client: cluster.client).snapshot(of: EvidenceScope(namespace: namespace))
        for snapshot in [live, try await saved(cluster.client, namespace, pageObjects: 100)] {
            #expect(snapshot.events.filter { $0.reason == "Rebooted" }.map(\.involvedObject.name) == [nodes[0]])
            #expect(snapshot.serverVersion == version)
            #expect(snapshot.unreadable.isEmpty)
        }
        let scope = EvidenceScope(namespace: namespace, isConfinedToNamespace: true)
        let confined = try await ClusterEvidence(client: cluster.client).snapshot(of: scope)
        #expect(confined.events.allSatisfy { $0.reason != "Rebooted" })
        for node in nodes { try await cluster.kubectl("delete", "node", node) }
    }
}
