// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Testing

@Suite("Leader election by a client, on a real API server", .timeLimit(.minutes(5)))
struct LeaderElectorClientTests {
    @Test("given a client without a request left, then the lease in its namespace is won and renewed all the same")
    func namespaceAndLimit() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        var configuration = cluster.client.configuration
        configuration.namespace = namespace
        // Its one request is spent; the next would be due in hours.
        let limiter = RequestRateLimiter(requestsPerSecond: 0.0001, burst: 1)
        let client = try KubernetesClient(configuration: configuration, rateLimiter: limiter)
        _ = try await client.get(path: "/version")

        let elector = try LeaderElector("by-client", client: client, logger: .silent)
        let run = Task { try await elector.run() }
        try await elector.waitForLeadership()
        let lease = try await cluster.client.resources(Lease.self, namespace: namespace).get("by-client")
        #expect(lease.holderIdentity == elector.holder && !elector.holder.isEmpty)
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
    }
}
