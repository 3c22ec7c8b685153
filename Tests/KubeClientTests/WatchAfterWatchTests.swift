// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("One watch after another", .timeLimit(.minutes(5)))
struct WatchAfterWatchTests {
    @Test("given a watch that is let go of, when another one follows at once, then that one hears what happens")
    func another() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)
        for round in 0..<50 {
            let name = "round-\(round)"
            let version = try await leases.list().metadata.resourceVersion
            let stream = try await leases.watch(WatchOptions(resourceVersion: version, timeoutSeconds: 60))
            let creation = Task { _ = try await leases.create(Lease(metadata: ObjectMeta(name: name))) }
            var seen = false
            for try await event in stream {
                if case .added(let lease) = event, lease.metadata.name == name {
                    seen = true
                    break
                }
            }
            try await creation.value
            #expect(seen, "the watch of round \(round) ended")
        }
    }
}
