// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import Testing

@Suite("The runtime on a real API server", .timeLimit(.minutes(5)))
struct EndToEndTests {
    private static let configMap = APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")

    @Test("given objects that come, change and go, then an informer has them, and its handlers hear of it")
    func informer() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)
        for index in 0..<25 { _ = try await leases.create(Lease(metadata: ObjectMeta(name: "lease-\(index)"))) }
        // A first list is read at version 0, from the server's cache, which may yet lack what was written last.
        while try await leases.list(ListOptions(resourceVersion: "0")).items.count < 25 {}

        let informer = Informer(
            leases,
            configuration: ReflectorConfiguration(pageSize: 10),
            indexes: [Index("holder") { $0.holderIdentity.map { [$0] } ?? [] }],
            logger: .silent
        )
        let events = Journal<String>()
        try informer.addHandler { event in
            switch event {
            case .added(let lease, let isInitial): events.append("+\(lease.metadata.name)\(isInitial ? "!" : "")")
            case .updated(let old, let new): events.append("~\(old.metadata.name) \(new.holderIdentity ?? "")")
            case .deleted(let lease, _): events.append("-\(lease.metadata.name)")
            }
        }
        let run = Task { try await informer.run() }
        try await informer.waitForSync()
        #expect(Set(informer.store.keys.map(\.name)) == Set((0..<25).map { "lease-\($0)" }))
        #expect(Set(await events.first(25)) == Set((0..<25).map { "+lease-\($0)!" }))

        var lease = try await leases.create(Lease(metadata: ObjectMeta(name: "new")))
        await events.first(26)
        lease.holderIdentity = "somebody"
        _ = try await leases.update(lease)
        await events.first(27)
        #expect(informer.store.objects(in: "holder", value: "somebody").map(\.metadata.name) == ["new"])
        try await leases.delete("new")
        #expect(await events.first(28)[25...] == ["+new", "~new somebody", "-new"])
        #expect(informer.store.get("new", namespace: namespace) == nil)
        #expect(informer.store.objects(in: "holder", value: "somebody").isEmpty)
        run.cancel()
        _ = await run.result
    }

    @Test("given a whole operator, then it leads, does its work, writes events and gives the lease back")
    func wholeOperator() async throws {
        let cluster = try await TestCluster.shared()
        let client = cluster.client
        let namespace = try await cluster.makeNamespace()
        let maps = client.resources(DynamicObject.self, of: Self.configMap, namespace: namespace)
        let leases = client.resources(Lease.self, namespace: namespace)

        let informer = Informer(maps, configuration: .init(labelSelector: "greet=yes"), logger: .silent)
        let recorder = EventRecorder(sink: client, component: "greeter", logger: .silent)
        let greeted = Journal<ObjectKey>()
        let reconciler = ClosureReconciler { request in
            guard let map = informer.store[request], map.metadata.annotations["greeting"] == nil else { return .done }
            let change: JSONValue = ["metadata": ["annotations": ["greeting": "hello"]]]
            _ = try await maps.patch(request.name, .merge(change))
            for _ in 0..<3 {
                recorder.record(
                    .normal,
                    reason: "Greeted",
                    message: "said hello",
                    about: ObjectReference(
                        apiVersion: "v1",
                        kind: "ConfigMap",
                        namespace: request.namespace ?? "",
                        name: request.name,
                        uid: map.metadata.uid
                    )
                )
            }
            greeted.append(request)
            return .done
        }
        let manager = Manager(
            leaderElector: try LeaderElector(
                leases: leases,
                name: "greeter",
                namespace: namespace,
                configuration: LeaderElectionConfiguration(
                    identity: "me",
                    leaseDuration: .seconds(90),
                    renewDeadline: .seconds(60)
                ),
                logger: .silent
            ),
            services: [recorder],
            informers: [informer],
            controllers: [
                Controller("greeter", reconciler: reconciler, sources: [.for(informer)], logger: .silent)
            ],
            configuration: ManagerConfiguration(shutdownSignals: []),
            logger: .silent
        )
        func make(_ name: String, labels: JSONValue) async throws {
            let object: JSONValue = [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": labels],
            ]
            _ = try await maps.create(DynamicObject(object))
        }
        try await make("early", labels: ["greet": "yes"])
        try await make("ignored", labels: [:])
        let run = Task { try await manager.run() }
        await greeted.first(1)
        try await make("late", labels: ["greet": "yes"])
        #expect(Set(await greeted.first(2).map(\.name)) == ["early", "late"])
        #expect(try await leases.get("greeter").holderIdentity == "me")
        await manager.shutDown()
        try await run.value

        #expect(try await maps.get("late").metadata.annotations["greeting"] == "hello")
        #expect(try await maps.get("ignored").metadata.annotations["greeting"] == nil)
        let lease = try await leases.get("greeter")
        #expect(lease.holderIdentity == "" && lease.leaseTransitions == 0)
        // Everything that was recorded is written before the end, in one object for each of the two.
        let events = try await client.resources(Event.self, namespace: namespace).list().items
        #expect(events.count { $0.reason == "Greeted" } == 2)
        #expect(events.filter { $0.reason == "Greeted" }.reduce(0) { $0 + ($1.count ?? 0) } == 6)
        #expect(recorder.droppedCount == 0)
    }
}
