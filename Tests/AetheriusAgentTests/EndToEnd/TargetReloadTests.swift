// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import ServiceLifecycle
import Testing

@testable import AetheriusAgent

@Suite("A target's kubeconfig", .timeLimit(.minutes(2)))
struct TargetReloadTests {
    @Test("given a kubeconfig that is replaced, then the cluster is observed with the new one, without a restart")
    func replaced() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace("reload")
        let good = try await cluster.selfContainedKubeconfig(account: namespace, in: namespace)
        let bad = TestCluster.kubeconfig(
            server: cluster.client.configuration.server,
            authority: try #require(try JSON.decode(JSONValue.self, from: good).authority),
            user: ["token": "nobody"]
        )
        let (holder, intake, probe) = (TargetHolder(), EventIntake(), TargetProbe(logger: .silent))
        try await withDirectory { directory in
            let path = directory + "/kubeconfig"
            try Data(bad).write(to: URL(filePath: path))
            let (made, continuation) = AsyncStream<String>.makeStream()
            let service = TargetService(
                target: .kubeconfig(path: path) { configuration throws(KubeError) in
                    guard case .token(let token) = configuration.credentials else {
                        throw KubeError(code: .configuration, message: "there is no token in it")
                    }
                    continuation.yield(token)
                    return try KubernetesClient(configuration: configuration)
                },
                holder: holder,
                probe: probe,
                intake: intake,
                logger: .silent
            )
            var observations = holder.observations().makeAsyncIterator()
            let running = Task { try await service.run() }
            var tokens = made.makeAsyncIterator()
            #expect(await tokens.next() == "nobody")
            let first = try #require(await observations.next())
            try Data(good).write(to: URL(filePath: path))
            let second = try #require(await tokens.next())
            #expect(second != "nobody")
            // The new observation reads what the old one could not.
            let observation = try #require(await observations.next())
            try await observation.namespaces.waitForSync()
            #expect(observation.namespaces.store.get(namespace) != nil)
            #expect(!first.namespaces.hasSynced)
            // What looks after the agent's own objects there goes the new way too.
            _ = try await holder.client().resources(Namespace.self).get(namespace)
            running.cancel()
            try await running.value
            #expect(holder.current == nil)
        }
    }
}

extension JSONValue {
    fileprivate var authority: String? {
        self["clusters"]?.arrayValue?.first?.value(at: "cluster", "certificate-authority-data")?.stringValue
    }
}
