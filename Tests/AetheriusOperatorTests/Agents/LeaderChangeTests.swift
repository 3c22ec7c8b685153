// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("Agents while the operators change", .timeLimit(.minutes(15)))
struct LeaderChangeTests {
    @Test("given a leader that is gone for longer than a heartbeat may be silent, then nobody goes offline, or online")
    func leaderChange() async throws {
        try await TestCluster.withOwn { hub in try await change(hub) }
    }

    private func change(_ hub: TestCluster) async throws {
        try await RunningOperator.prepare(hub)
        let first = RunningOperator.launch(on: hub, identity: "first")
        try await RunningOperator.waitUntilReady(first, on: hub)
        let second = RunningOperator.launch(on: hub, identity: "second")

        let silent = try await register("silent", on: hub)
        let steady = try await register("steady", on: hub)
        let beating = Task {
            while !Task.isCancelled {
                try await steady.beat()
                // Nothing is waited for: this is the pace at which an agent beats.
                try await Task.sleep(for: .seconds(1))
            }
        }
        defer { beating.cancel() }
        let gone = try await hub.agent(silent.name) { $0.status.phase == .offline }
        #expect(gone.status.conditions[ConditionType.online]?.reason == "HeartbeatStopped")

        first.kill()
        // The lease alone takes as long as a heartbeat may be silent.
        _ = try await hub.client.resources(Lease.self, namespace: RunningOperator.namespace)
            .wait(for: "aetherius-operator") { $0.holderIdentity == "second" }
        let agents = hub.client.resources(ClusterAgent.self)
        for try await event in try await agents.watch(WatchOptions(resourceVersion: "0", timeoutSeconds: 15)) {
            switch event {
            case .added(let agent), .modified(let agent):
                let expected: ClusterAgent.Phase = agent.metadata.name == silent.name ? .offline : .online
                #expect(agent.status.phase == expected, "\(agent.metadata.name)")
            default: break
            }
        }
        // The new one does look.
        beating.cancel()
        _ = try await hub.agent(steady.name) { $0.status.phase == .offline }
        try await silent.beat(holder: "instance-2")
        _ = try await hub.agent(silent.name) { $0.status.phase == .online }
        second.terminate()
        #expect(try await second.ending().exitCode == 0)
    }

    private func register(_ name: String, on hub: TestCluster) async throws -> TestAgent {
        _ = try await hub.makeRemoteAgent(name)
        let agent = try await TestAgent(name: name, on: hub).withOwnToken(on: hub)
        try await agent.report(clusterUID: "\(name)-uid")
        try await agent.beat()
        _ = try await hub.agent(name) { $0.status.phase == .online }
        return agent
    }
}
