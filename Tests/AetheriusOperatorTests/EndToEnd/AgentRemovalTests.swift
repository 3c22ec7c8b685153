// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@testable import AetheriusOperator

/// Operators come and go on a control plane of their own.
@Suite("ClusterAgents that go while there is no operator", .serialized, .timeLimit(.minutes(15)))
struct AgentRemovalTests {
    @Test(
        "given an operator that is gone or has no agents, then ClusterAgents go at once, and the next one does the rest"
    )
    func removal() async throws {
        try await TestCluster.withOwn { hub in try await remove(hub) }
    }

    private func remove(_ hub: TestCluster) async throws {
        try await RunningOperator.prepare(hub)
        let agents = hub.client.resources(ClusterAgent.self)
        let namespaces = hub.client.resources(Namespace.self)
        let accounts = hub.client.resources(ServiceAccount.self, namespace: AgentNames.namespace)
        let far = hub.client.resources(
            DynamicObject.self,
            of: Workload.kinds[0],
            namespace: AgentNames.Remote.namespace
        )
        try await hub.makeKubeconfigSecret("far", of: hub)
        let first = RunningOperator.launch(on: hub, identity: "first")
        for name in ["early", "late"] { _ = try await hub.makeRemoteAgent(name) }
        _ = try await hub.makeRemoteAgent("reached") { $0.target.kubeconfigSecretRef = .init(name: "far") }
        for name in ["early", "late", "reached"] {
            let agent = try await hub.agent(name) {
                ["ManifestNotApplied", "Progressing"].contains($0.status.conditions[ConditionType.deployed]?.reason)
            }
            #expect(agent.metadata.finalizers.isEmpty)
            let owners = try await accounts.get(name).metadata.ownerReferences
            #expect(owners.map(\.uid) == [agent.metadata.uid])
            #expect(owners.allSatisfy { !$0.blocksOwnerDeletion && !$0.isController })
        }
        _ = try await far.get(AgentNames.Remote.agent)
        first.terminate()
        #expect(try await first.ending().exitCode == 0)

        // Without an operator: what was made on the hub belongs to the ClusterAgent.
        for name in ["early", "reached"] {
            try await agents.delete(name)
            try await agents.waitForDeletion(of: name)
            try await accounts.waitForDeletion(of: name)
        }
        try await namespaces.waitForDeletion(of: AgentNames.mailbox("early"))
        let clusterRoles = hub.client.resources(DynamicObject.self, of: .clusterRole)
        try await clusterRoles.waitForDeletion(of: AgentNames.role("early"))

        // With one that looks after no agents.
        let second = RunningOperator.launch(on: hub, identity: "second", "--no-agents")
        _ = try await hub.agent("late") { $0.status.conditions[ConditionType.ready]?.reason == "AgentsDisabled" }
        try await agents.delete("late")
        try await agents.waitForDeletion(of: "late")
        try await accounts.waitForDeletion(of: "late")
        try await namespaces.waitForDeletion(of: AgentNames.mailbox("late"))
        second.terminate()
        #expect(try await second.ending().exitCode == 0)

        // What is to be done in another cluster waits for one that can do it.
        #expect(try await namespaces.get(AgentNames.mailbox("reached")).metadata.deletionTimestamp == nil)
        _ = try await far.get(AgentNames.Remote.agent)
        let third = RunningOperator.launch(on: hub, identity: "third")
        try await far.waitForDeletion(of: AgentNames.Remote.agent)
        try await namespaces.waitForDeletion(of: AgentNames.mailbox("reached"))
        third.terminate()
        #expect(try await third.ending().exitCode == 0)
    }
}
