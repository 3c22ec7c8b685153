// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("ResourceClient on a real API server")
struct ResourceClientTests {
    @Test("given an object, when it is created, read, updated, patched and deleted, then the server agrees each time")
    func lifecycle() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)

        var lease = Lease(metadata: ObjectMeta(name: "one", labels: ["purpose": "test"]))
        lease.holderIdentity = "first"
        let created = try await leases.create(lease)
        #expect(created.metadata.uid != nil)
        #expect(created.holderIdentity == "first")

        var changed = created
        changed.holderIdentity = "second"
        let updated = try await leases.update(changed)
        #expect(updated.holderIdentity == "second")
        #expect(updated.metadata.resourceVersion != created.metadata.resourceVersion)

        // The version that was created is not the present one any more.
        let conflict = await #expect(throws: KubeError.self) { try await leases.update(changed) }
        #expect(conflict?.code == .conflict)

        let merged = try await leases.patch("one", .merge(["spec": ["leaseTransitions": 7]] as JSONValue))
        #expect(merged.leaseTransitions == 7)
        #expect(merged.holderIdentity == "second")

        try await leases.delete("one", DeleteOptions(uid: created.metadata.uid))
        let gone = await #expect(throws: KubeError.self) { try await leases.get("one") }
        #expect(gone?.code == .notFound)
        #expect(gone?.status?.reason == "NotFound")
    }

    @Test("given a field of another manager, when it is applied without force, then the conflict names the manager")
    func serverSideApply() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)
        func configuration(_ holder: String) -> JSONValue {
            [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": "applied"],
                "spec": ["holderIdentity": .string(holder)],
            ]
        }

        let first = try await leases.patch("applied", .apply(configuration("a"), fieldManager: "one"))
        #expect(first.holderIdentity == "a")

        let refused = await #expect(throws: KubeError.self) {
            try await leases.patch("applied", .apply(configuration("b"), fieldManager: "two", force: false))
        }
        #expect(refused?.code == .conflict)
        #expect(refused?.status?.causes.first?.field == ".spec.holderIdentity")

        let forced = try await leases.patch("applied", .apply(configuration("b"), fieldManager: "two"))
        #expect(forced.holderIdentity == "b")
    }

    @Test(
        "given an object that is applied, then it is made, then left alone, then changed; others' fields only by force"
    )
    func apply() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let maps = cluster.client.resources(ConfigMap.self, namespace: namespace)
        func map(_ data: [String: String]) -> ConfigMap { ConfigMap(metadata: ObjectMeta(name: "m"), data: data) }

        let made = try await maps.apply(map(["a": "1", "b": "2"]), fieldManager: "one")
        #expect(made.data == ["a": "1", "b": "2"] && made.metadata.namespace == namespace)
        let again = try await maps.apply(map(["a": "1", "b": "2"]), fieldManager: "one")
        #expect(again.metadata.resourceVersion == made.metadata.resourceVersion)
        try await maps.apply(map(["c": "3"]), fieldManager: "two")
        #expect(try await maps.apply(map(["a": "4"]), fieldManager: "one").data == ["a": "4", "c": "3"])

        let refused = await #expect(throws: KubeError.self) {
            try await maps.apply(map(["a": "5"]), fieldManager: "two", force: false)
        }
        #expect(refused?.fieldConflicts.map(\.manager) == ["one"])
        #expect(try await maps.apply(map(["a": "5"]), fieldManager: "two").data == ["a": "5"])
    }

    @Test("given a type that only writes its identity, when it is written back, then nothing is sent and lost")
    func observedResource() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let content: JSONValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"], "data": ["k": "dg=="],
        ]
        let raw = cluster.client.resources(DynamicObject.self, of: Secret.apiResource, namespace: namespace)
        let created = try await raw.create(DynamicObject(content))
        let secrets = cluster.client.resources(Secret.self, namespace: namespace)
        let secret = try await secrets.get("s")

        let update = await #expect(throws: KubeError.self) { try await secrets.update(secret) }
        #expect(update?.code == .badRequest && update?.status == nil)
        #expect(update?.message.contains("Secret only writes its identity") == true)
        let apply = await #expect(throws: KubeError.self) { try await secrets.apply(secret, fieldManager: "one") }
        #expect(apply?.code == .badRequest && apply?.status == nil)
        #expect(try await raw.get("s").value["data"] == created.value["data"])
        #expect(try await secrets.patch("s", .merge(["data": ["l": "dg=="]] as JSONValue)).keys == ["k", "l"])
    }

    @Test("given 25 objects, when they are listed in pages of 10, then all come, each once")
    func paging() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<25 {
                group.addTask { _ = try await leases.create(Lease(metadata: ObjectMeta(name: "lease-\(index)"))) }
            }
            try await group.waitForAll()
        }

        let page = try await leases.list(ListOptions(limit: 10))
        #expect(page.items.count == 10)
        #expect(page.metadata.continueToken?.isEmpty == false)

        let all = try await leases.listAll(pageSize: 10)
        #expect(all.items.count == 25)
        #expect(Set(all.items.map(\.metadata.name)).count == 25)
        #expect(all.metadata.continueToken?.isEmpty ?? true)
    }

    @Test("given a watch, when objects change, then every change arrives in order")
    func watch() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)
        let version = try await leases.list().metadata.resourceVersion

        let stream = try await leases.watch(WatchOptions(resourceVersion: version))
        var created = try await leases.create(Lease(metadata: ObjectMeta(name: "watched")))
        created.holderIdentity = "somebody"
        _ = try await leases.update(created)
        try await leases.delete("watched")

        var seen: [String] = []
        for try await event in stream {
            switch event {
            case .added(let lease): seen.append("added \(lease.metadata.name)")
            case .modified(let lease): seen.append("modified by \(lease.holderIdentity ?? "nobody")")
            case .deleted(let lease): seen.append("deleted \(lease.metadata.name)")
            case .bookmark, .error: continue
            }
            if seen.count == 3 { break }
        }
        #expect(seen == ["added watched", "modified by somebody", "deleted watched"])
    }

    @Test("given a watch without events, when its task is cancelled, then it ends at once with cancelled")
    func cancellation() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)
        let version = try await leases.list().metadata.resourceVersion
        let stream = try await leases.watch(WatchOptions(resourceVersion: version))

        let task = Task<KubeError.Code?, Never> {
            do {
                for try await event in stream { if case .added = event { return nil } }
                return nil
            } catch {
                return (error as? KubeError)?.code
            }
        }
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test("given 200 requests at once, when they run, then all are answered")
    func concurrency() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { try await leases.list().items.count } }
            var answers = 0
            for try await count in group {
                #expect(count == 0)
                answers += 1
            }
            #expect(answers == 200)
        }
    }
}
