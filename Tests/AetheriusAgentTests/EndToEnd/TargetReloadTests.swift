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
            try Data(bad).write(to: URL(filePath: path), options: .atomic)
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
            try Data(good).write(to: URL(filePath: path), options: .atomic)
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

    @Test("given a kubeconfig that is replaced by one that is refused, then that is said while the old one is used on")
    func refused() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace("refuse")
        let good = try await cluster.selfContainedKubeconfig(account: namespace, in: namespace)
        let bad = TestCluster.kubeconfig(
            server: cluster.client.configuration.server,
            authority: try #require(try JSON.decode(JSONValue.self, from: good).authority),
            user: ["exec": ["apiVersion": "client.authentication.k8s.io/v1", "command": "login"]]
        )
        let (holder, log) = (TargetHolder(), LogLines())
        let probe = TargetProbe(logger: .silent)
        try await withDirectory { directory in
            let path = directory + "/kubeconfig"
            try Data(good).write(to: URL(filePath: path), options: .atomic)
            let service = TargetService(
                target: .kubeconfig(path: path) { configuration throws(KubeError) in
                    try KubernetesClient(configuration: configuration)
                },
                holder: holder,
                probe: probe,
                intake: EventIntake(),
                logger: log.logger
            )
            var observations = holder.observations().makeAsyncIterator()
            let running = Task { try await service.run() }
            let observation = try #require(await observations.next())
            try Data(bad).write(to: URL(filePath: path), options: .atomic)
            await log.wait(for: "the target's kubeconfig cannot be used")
            #expect(probe.condition.status == .false)
            #expect(probe.condition.reason == "InvalidConfiguration")
            #expect(probe.condition.message.hasPrefix("the new kubeconfig is refused: "))
            #expect(probe.condition.message.contains("exec"))
            #expect(probe.condition.message.contains("the old one is still used"))
            #expect(holder.current === observation)
            try await observation.namespaces.waitForSync()
            try Data(good).write(to: URL(filePath: path), options: .atomic)
            await log.wait(for: "the target's kubeconfig can be used again")
            #expect(probe.condition.reason != "InvalidConfiguration")
            #expect(holder.current === observation)
            running.cancel()
            try await running.value
        }
    }
}

extension JSONValue {
    fileprivate var authority: String? {
        self["clusters"]?.arrayValue?.first?.value(at: "cluster", "certificate-authority-data")?.stringValue
    }
}
