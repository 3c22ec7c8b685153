// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Testing

@Suite("Finalizers on a real API server", .timeLimit(.minutes(5)))
struct FinalizerTests {
    private struct Refusal: Error {}

    private func prepare() async throws -> (ResourceClient<Lease>, Finalizer<Lease>, Lease) {
        let cluster = try await TestCluster.shared()
        let leases = cluster.client.resources(Lease.self, namespace: try await cluster.makeNamespace())
        let finalizer = Finalizer<Lease>("test.io/cleanup", client: cluster.client)
        return (leases, finalizer, try await leases.create(Lease(metadata: ObjectMeta(name: "object"))))
    }

    private func setFinalizers(_ names: [String], _ leases: ResourceClient<Lease>) async throws {
        let list = JSONValue.array(names.map { .string($0) })
        _ = try await leases.patch("object", .merge(["metadata": ["finalizers": list]] as JSONValue))
    }

    @Test("83: given an object without the finalizer, then it is stored before anything is done; deleted, none is")
    func storesFirst() async throws {
        let (leases, finalizer, object) = try await prepare()
        var applied: [[String]] = []
        _ = try await finalizer.reconcile(object) { object in
            applied.append(try await leases.get("object").metadata.finalizers)
            #expect(object.metadata.finalizers == ["test.io/cleanup"])
            return .done
        } cleanUp: { _ in
            Issue.record("it is not to go")
        }
        #expect(applied == [["test.io/cleanup"]])

        // Deleted while the cache still says otherwise: the finalizer cannot be stored any more.
        try await setFinalizers(["other.io/x"], leases)
        try await leases.delete("object")
        _ = try await finalizer.reconcile(object) { _ in
            Issue.record("it is to go")
            return .done
        } cleanUp: { _ in
            Issue.record("its finalizer was not stored")
        }
        let deleting = try await leases.get("object")
        #expect(deleting.metadata.finalizers == ["other.io/x"])
        _ = try await finalizer.reconcile(deleting) { _ in
            .done
        } cleanUp: { _ in
            Issue.record("it is not ours")
        }
        try await setFinalizers([], leases)
    }

    @Test("83: given a clean-up that fails, then the finalizer stays; once it succeeds, only that one is removed")
    func cleansUp() async throws {
        let (leases, finalizer, object) = try await prepare()
        try await setFinalizers(["other.io/x", "other.io/y"], leases)
        // The cache is a version behind: the first write is refused, the next one keeps what others have added.
        _ = try #require(try await finalizer.add(to: object))
        #expect(try await leases.get("object").metadata.finalizers == ["other.io/x", "other.io/y", "test.io/cleanup"])
        try await leases.delete("object")
        let deleting = try await leases.get("object")
        await #expect(throws: Refusal.self) {
            _ = try await finalizer.reconcile(deleting) { _ in
                .done
            } cleanUp: { _ in
                throw Refusal()
            }
        }
        #expect(try await leases.get("object").metadata.finalizers == ["other.io/x", "other.io/y", "test.io/cleanup"])

        // Somebody else removes one between the look and the removal, so that ours has moved.
        var cleaned = 0
        _ = try await finalizer.reconcile(deleting) { _ in
            .done
        } cleanUp: { _ in
            cleaned += 1
            try await setFinalizers(["other.io/y", "test.io/cleanup"], leases)
        }
        #expect(cleaned == 1)
        #expect(try await leases.get("object").metadata.finalizers == ["other.io/y"])
        try await setFinalizers([], leases)
        await #expect(throws: KubeError.self) { _ = try await leases.get("object") }
        // Gone meanwhile: nothing is left to remove it from.
        try await finalizer.remove(from: deleting)
    }
}
