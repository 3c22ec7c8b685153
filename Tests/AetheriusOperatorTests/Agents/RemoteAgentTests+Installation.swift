// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@testable import AetheriusOperator

extension RemoteAgentTests {
    /// Leads to where nobody listens.
    static let lonelyKubeconfig = """
        {kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],
        users: [{name: a, user: {token: t}}], clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}]}
        """

    @Test("given a kubeconfig for the far cluster, then the operator installs the agent there, and removes it again")
    func installation() async throws {
        let hub = try await RunningOperator.shared()
        try await TestCluster.withOwn { far in try await install(hub, far) }
    }

    private func install(_ hub: TestCluster, _ far: TestCluster) async throws {
        try await hub.makeKubeconfigSecret("far", of: far)
        _ = try await hub.makeRemoteAgent("installed") { $0.target.kubeconfigSecretRef = .init(name: "far") }
        let deployments = far.client.resources(
            DynamicObject.self,
            of: Workload.kinds[0],
            namespace: AgentNames.Remote.namespace
        )
        // Nothing runs it there: the deployment stays without a pod.
        let deployed = try await hub.agent("installed") {
            $0.status.conditions[ConditionType.deployed]?.reason == "Progressing"
        }
        #expect(deployed.status.phase == .registering)
        let deployment = try await deployments.get(AgentNames.Remote.agent)
        let pod = deployment.value.value(at: "spec", "template", "spec")
        #expect(deployment.value.value(at: "spec", "strategy", "type") == "Recreate")
        #expect(pod?["containers"]?.arrayValue?.first?["image"]?.stringValue == RunningOperator.agentImage)
        #expect(pod?.value(at: "securityContext", "runAsUser") == 1000)

        // What lies there is what the agent registers with.
        let secrets = far.client.resources(
            DynamicObject.self,
            of: Secret.apiResource,
            namespace: AgentNames.Remote.namespace
        )
        let token = try await secrets.get(AgentNames.Remote.bootstrap).value.value(at: "data", AgentNames.tokenKey)
        let text = token?.stringValue.flatMap(Base64.decode).map { String(decoding: $0, as: UTF8.self) }
        let agent = TestAgent(name: "installed", client: try hub.client(token: try #require(text)))
        try await agent.report(clusterUID: "installed-uid")
        try await agent.beat()
        _ = try await hub.agent("installed") { $0.status.phase == .online }
        try await intrude(hub, far, deployments)

        try await hub.client.resources(ClusterAgent.self).delete("installed")
        try await hub.client.resources(ClusterAgent.self).waitForDeletion(of: "installed")
        let namespaces = hub.client.resources(Namespace.self)
        try await namespaces.waitForDeletion(of: AgentNames.mailbox("installed"))
        let left = try await deployments.list().items
        #expect(left.isEmpty)
        #expect(try await secrets.list(ListOptions(labelSelector: LabelKey.cluster)).items.isEmpty)
    }

    /// A second ClusterAgent with the way into the same cluster comes and goes, and the first one's agent stays.
    private func intrude(
        _ hub: TestCluster,
        _ far: TestCluster,
        _ deployments: ResourceClient<DynamicObject>
    ) async throws {
        let before = try await deployments.get(AgentNames.Remote.agent)
        _ = try await hub.makeRemoteAgent("intruder") { $0.target.kubeconfigSecretRef = .init(name: "far") }
        let refused = try await hub.agent("intruder") {
            $0.status.conditions[ConditionType.deployed]?.reason == "InstalledByAnother"
        }
        #expect(refused.status.conditions[ConditionType.deployed]?.message.contains("ClusterAgent installed ") == true)
        #expect(refused.status.conditions.isTrue(ConditionType.stalled))
        try await hub.client.resources(ClusterAgent.self).delete("intruder")
        try await hub.client.resources(ClusterAgent.self).waitForDeletion(of: "intruder")
        try await hub.client.resources(Namespace.self).waitForDeletion(of: AgentNames.mailbox("intruder"))
        let after = try await deployments.get(AgentNames.Remote.agent)
        #expect(after.metadata.uid == before.metadata.uid && after.metadata.generation == before.metadata.generation)
        for (resource, namespace, name) in [
            (APIResource.configMap, AgentNames.Remote.namespace as String?, AgentNames.Remote.hub),
            (Secret.apiResource, AgentNames.Remote.namespace, AgentNames.Remote.hub),
            (Secret.apiResource, AgentNames.Remote.namespace, AgentNames.Remote.bootstrap),
            (ServiceAccount.apiResource, AgentNames.Remote.namespace, AgentNames.Remote.agent),
            (.clusterRole, nil, AgentNames.Remote.agent), (.clusterRoleBinding, nil, AgentNames.Remote.agent),
        ] {
            let object = try await far.client.resources(DynamicObject.self, of: resource, namespace: namespace).get(
                name
            )
            #expect(object.metadata.labels[LabelKey.cluster] == "installed", "\(resource.kind) \(name)")
        }
    }

    @Test(
        "given a far cluster that is gone, then the condition says so, and the deletion does not wait for it for ever"
    )
    func unreachable() async throws {
        let hub = try await RunningOperator.shared()
        let kubeconfig = Self.lonelyKubeconfig
        try await hub.makeSecret("gone", ["kubeconfig": kubeconfig])
        try await hub.makeSecret(
            "program",
            ["kubeconfig": kubeconfig.replacing("token: t", with: "exec: {command: sh}")]
        )
        _ = try await hub.makeRemoteAgent("lonely") { $0.target.kubeconfigSecretRef = .init(name: "gone") }
        let lonely = try await hub.agent("lonely") {
            $0.status.conditions[ConditionType.deployed]?.reason == "NotConnected"
        }
        #expect(lonely.status.conditions[ConditionType.deployed]?.message.contains("127.0.0.1:1") == true)
        _ = try await hub.makeRemoteAgent("dangerous") { $0.target.kubeconfigSecretRef = .init(name: "program") }
        let dangerous = try await hub.agent("dangerous") {
            $0.status.conditions[ConditionType.deployed]?.reason == "InvalidKubeconfig"
        }
        #expect(dangerous.status.conditions[ConditionType.deployed]?.message.contains("users[0].user.exec") == true)

        // Waiting does not mend a kubeconfig that is refused: nothing is tried again.
        for name in ["dangerous", "lonely"] {
            try await hub.client.resources(ClusterAgent.self).delete(name)
            try await hub.client.resources(ClusterAgent.self).waitForDeletion(of: name)
            try await hub.client.resources(Namespace.self).waitForDeletion(of: AgentNames.mailbox(name))
        }
        let events = try await hub.client.resources(Event.self, namespace: "default")
            .watch(WatchOptions(resourceVersion: "0"))
        for try await change in events {
            guard case .added(let event) = change, event.involvedObject.name == "lonely" else { continue }
            guard event.reason == EventReason.agentLeftBehind else { continue }
            #expect(event.message.contains("127.0.0.1:1"), "\(event.message)")
            #expect(event.message.hasSuffix("--selector aetherius.io/cluster=lonely"), "\(event.message)")
            break
        }
    }
}
