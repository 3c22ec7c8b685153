// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// What the hub has for one agent: its ClusterAgent, account, rights, mailbox and Lease.
struct AgentGround {
    let cluster: TestCluster
    /// Name of the ClusterAgent.
    let name: String
    /// A namespace of the observed cluster, the only one that the agent looks at.
    let namespace: String

    var mailbox: String { AgentNames.mailbox(name) }
    var agents: ResourceClient<ClusterAgent> { cluster.client.resources(ClusterAgent.self) }
    var leases: ResourceClient<Lease> { cluster.client.resources(Lease.self, namespace: mailbox) }
    var tasks: ResourceClient<DiagnosticTask> { cluster.client.resources(DiagnosticTask.self, namespace: mailbox) }

    static func make(
        on cluster: TestCluster,
        _ change: (inout ClusterAgent.Spec) -> Void = { _ in }
    ) async throws
        -> AgentGround
    {
        try await cluster.installDefinitions()
        let namespace = try await cluster.makeNamespace("seen")
        let ground = AgentGround(cluster: cluster, name: "edge-\(namespace)", namespace: namespace)
        var agent = ClusterAgent(metadata: ObjectMeta(name: ground.name), spec: .init(mode: .remote))
        agent.spec.accepted = true
        agent.spec.heartbeat.intervalSeconds = 5
        agent.spec.heartbeat.offlineAfterSeconds = 15
        agent.spec.report.metricsIntervalSeconds = 10
        agent.spec.access.namespaces.include = [namespace]
        change(&agent.spec)
        _ = try await ground.agents.create(agent)
        try await cluster.ensureNamespace(AgentNames.namespace)
        try await cluster.kubectl("apply", "-f", "-", input: ground.manifest)
        let hub = try ground.hub(try await ground.token())
        try await hub.waitUntilAllowed(
            .resource(
                .init(
                    verb: "patch",
                    group: "coordination.k8s.io",
                    resource: "leases",
                    namespace: ground.mailbox,
                    name: ground.name
                )
            )
        )
        try await hub.waitUntilAllowed(
            .resource(
                .init(
                    verb: "patch",
                    group: AetheriusGroup.name,
                    resource: "clusteragents",
                    subresource: "status",
                    name: ground.name
                )
            )
        )
        return ground
    }

    /// A token of the agent's account.
    func token() async throws -> String {
        try await cluster.client.requestToken(
            serviceAccount: AgentNames.serviceAccount(name),
            namespace: AgentNames.namespace
        ).token
    }

    /// A client with nothing but the agent's rights at the hub.
    func hub(_ token: String) throws -> KubernetesClient {
        var configuration = ClientConfiguration(
            server: cluster.client.configuration.server,
            certificateAuthority: cluster.client.configuration.certificateAuthority,
            credentials: .token(token)
        )
        configuration.transport.retries = .none
        return try KubernetesClient(configuration: configuration)
    }

    /// Waits until the agent has written what is wanted.
    func report(until isReady: (ClusterAgent.AgentReport) -> Bool) async throws -> ClusterAgent {
        try await agents.wait(for: name) { $0.status.agent.map(isReady) ?? false }
    }

    private var manifest: String {
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: \(mailbox)}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: \(name), namespace: \(AgentNames.namespace)}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "\(AgentNames.role(name))"}
        rules:
        - {apiGroups: [aetherius.io], resources: [clusteragents], resourceNames: [\(name)], verbs: [get, list, watch]}
        - {apiGroups: [aetherius.io], resources: [clusteragents/status], resourceNames: [\(name)], verbs: [patch]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: "\(AgentNames.role(name))"}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "\(AgentNames.role(name))"}
        subjects: [{kind: ServiceAccount, name: \(name), namespace: \(AgentNames.namespace)}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: \(AgentNames.mailboxRole), namespace: \(mailbox)}
        rules:
        - {apiGroups: [aetherius.io], resources: [diagnostictasks, executionplans], verbs: [get, list, watch]}
        - apiGroups: [aetherius.io]
          resources: [diagnostictasks/status, executionplans/status]
          verbs: [get, patch, update]
        - {apiGroups: [coordination.k8s.io], resources: [leases], resourceNames: [\(name)], verbs: [get, patch]}
        - {apiGroups: ["", events.k8s.io], resources: [events], verbs: [create, patch]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: \(AgentNames.mailboxRole), namespace: \(mailbox)}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: \(AgentNames.mailboxRole)}
        subjects: [{kind: ServiceAccount, name: \(name), namespace: \(AgentNames.namespace)}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: "\(AgentNames.role(name))", namespace: \(AgentNames.namespace)}
        rules:
        - {apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [\(name)], verbs: [create]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: "\(AgentNames.role(name))", namespace: \(AgentNames.namespace)}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: "\(AgentNames.role(name))"}
        subjects: [{kind: ServiceAccount, name: \(name), namespace: \(AgentNames.namespace)}]
        ---
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: \(name), namespace: \(mailbox)}
        spec: {}
        """
    }
}
