// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import Testing

@Suite("Shared informers", .timeLimit(.minutes(5)))
struct SharedInformerFactoryTests {
    private enum Holder: FieldSelection {
        static let fields = FieldSet(["spec.holderIdentity"])
    }

    private static func client() throws -> KubernetesClient {
        try KubernetesClient(configuration: ClientConfiguration(server: "http://127.0.0.1:1"))
    }

    @Test("given the same question twice, then it is the same informer; another type or selector is another one")
    func sharing() throws {
        let factory = SharedInformerFactory(client: try Self.client(), logger: .silent)
        let leases = try factory.informer(for: Lease.self)
        #expect(try factory.informer(for: Lease.self) === leases)
        #expect(try factory.informer(for: Lease.self, of: Lease.apiResource) === leases)
        #expect(try factory.informer(for: Lease.self, labelSelector: "a=b") !== leases)
        #expect(try factory.informer(for: Lease.self, fieldSelector: "metadata.name=x") !== leases)
        _ = try factory.informer(for: PartialObjectMetadata.self, of: Lease.apiResource)
        _ = try factory.informer(for: ProjectedObject<Holder>.self, of: Lease.apiResource)
        #expect(factory.count == 5)
    }

    @Test("given a factory that has stopped, then it makes no informers and does not run again")
    func stopped() async throws {
        let factory = SharedInformerFactory(client: try Self.client(), logger: .silent)
        let run = Task { try await factory.run() }
        run.cancel()
        try await run.value
        let error = #expect(throws: KubeError.self) { try factory.informer(for: Lease.self) }
        #expect(error?.code == .cancelled)
        await #expect(throws: KubeError.self) { try await factory.run() }
    }

    @Test(
        "given a real server, then whole, projected and metadata-only informers of two namespaces have what is theirs"
    )
    func realServer() async throws {
        let cluster = try await TestCluster.shared()
        let namespaces = [try await cluster.makeNamespace(), try await cluster.makeNamespace()]
        let other = try await cluster.makeNamespace()
        for (index, namespace) in (namespaces + [other]).enumerated() {
            var lease = Lease(metadata: ObjectMeta(name: "lease-\(index)", labels: ["app": "web"]))
            lease.holderIdentity = "holder-\(index)"
            lease.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"] = "{}"
            _ = try await cluster.client.resources(Lease.self, namespace: namespace).create(lease)
        }
        let factory = SharedInformerFactory(client: cluster.client, namespaces: Set(namespaces), logger: .silent)
        let run = Task { try await factory.run() }
        let whole = try factory.informer(for: Lease.self, labelSelector: "app=web")
        let projected = try factory.informer(for: ProjectedObject<Holder>.self, of: Lease.apiResource)
        // Asked for while the factory runs.
        try await whole.waitForSync()
        let metadata = try factory.informer(for: PartialObjectMetadata.self, of: Lease.apiResource)
        try await factory.waitForSync()

        #expect(Set(whole.store.list().map(\.holderIdentity)) == ["holder-0", "holder-1"])
        #expect(Set(metadata.store.keys.map(\.name)) == ["lease-0", "lease-1"])
        let object = try #require(projected.store.get("lease-1", namespace: namespaces[1]))
        #expect(object.value == ["spec": ["holderIdentity": "holder-1"]])
        #expect(object.metadata.labels == ["app": "web"] && object.metadata.annotations.isEmpty)

        // One's own write is there once it has been waited for, in each of them.
        let leases = cluster.client.resources(Lease.self, namespace: namespaces[0])
        var lease = try await leases.get("lease-0")
        lease.holderIdentity = "new"
        lease = try await leases.update(lease)
        try await whole.store.waitUntilContains(lease)
        #expect(whole.store.get("lease-0", namespace: namespaces[0])?.holderIdentity == "new")
        let version = try #require(lease.metadata.resourceVersion)
        try await metadata.store.waitUntil(resourceVersion: version, of: ObjectKey(lease))
        #expect(metadata.store[ObjectKey(lease)]?.metadata.resourceVersion == version)
        try await leases.delete("lease-0")
        try await whole.store.waitUntilDeleted(ObjectKey(lease))

        // The content at this moment is what the server had at that version.
        let single = Informer(leases, logger: .silent)
        let follow = Task { try await single.run() }
        try await single.waitForSync()
        #expect(try await single.store.inconsistency(with: leases).isEmpty)
        single.store.apply(Lease(metadata: ObjectMeta(name: "ghost", namespace: namespaces[0])))
        let found = try await single.store.inconsistency(with: leases)
        #expect(found.unexpected.map(\.name) == ["ghost"] && found.missing.isEmpty && found.different.isEmpty)
        follow.cancel()
        run.cancel()
        _ = await follow.result
        _ = await run.result
    }
}
