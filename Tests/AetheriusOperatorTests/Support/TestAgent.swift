// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import YAML

/// Plays an agent: it has nothing but the token that the hub gave it, and speaks to a real API server.
struct TestAgent {
    let name: String
    let client: KubernetesClient

    init(name: String, client: KubernetesClient) {
        self.name = name
        self.client = client
    }

    /// Takes the token out of the manifest that the operator keeps for a Remote agent.
    init(name: String, on hub: TestCluster) async throws {
        let secrets = hub.client.resources(
            DynamicObject.self,
            of: Secret.apiResource,
            namespace: AgentNames.namespace
        )
        let secret = try await secrets.wait(for: AgentNames.install(name)) {
            $0.value.value(at: "data", AgentNames.manifestKey) != nil
        }
        let objects = try Self.manifest(in: secret)
        let bootstrap = objects.first { $0.kind == "Secret" && $0.metadata.name == AgentNames.Remote.bootstrap }
        let token = bootstrap?.value.value(at: "stringData", AgentNames.tokenKey)?.stringValue
        self.init(name: name, client: try hub.client(token: token ?? ""))
    }

    /// The objects of the manifest in a Secret.
    static func manifest(in secret: DynamicObject) throws -> [DynamicObject] {
        let text = secret.value.value(at: "data", AgentNames.manifestKey)?.stringValue.flatMap(Base64.decode) ?? []
        return try YAML.decodeAll(text).map { DynamicObject($0) }
    }

    /// The agent with a token of its own, as it asks for one first of all.
    func withOwnToken(on hub: TestCluster) async throws -> TestAgent {
        let token = try await client.requestToken(
            serviceAccount: AgentNames.serviceAccount(name),
            namespace: AgentNames.namespace
        )
        return TestAgent(name: name, client: try hub.client(token: token.token))
    }

    /// Renews the Lease as an agent does, in one patch.
    /// - Parameter offset: how wrong the agent's clock is.
    func beat(holder: String = "instance-1", offset: Duration = .zero) async throws {
        try await lease([
            "holderIdentity": .string(holder), "leaseDurationSeconds": 90,
            "renewTime": .string(Timestamp.now.advanced(by: offset).microTime),
        ])
    }

    /// Says that it stops.
    func sayGoodbye() async throws { try await lease(["holderIdentity": ""]) }

    private func lease(_ spec: JSONValue) async throws {
        _ = try await client.resources(DynamicObject.self, of: Lease.apiResource, namespace: AgentNames.mailbox(name))
            .patch(AgentNames.lease(name), .merge(["spec": spec] as JSONValue))
    }

    /// Writes its side of the status.
    func report(clusterUID: String, instance: String = "instance-1", _ conditions: [Condition] = []) async throws {
        var report = ClusterAgent.AgentReport()
        report.instanceID = instance
        report.clusterUID = clusterUID
        report.version = "0.1.0"
        let written = report
        let body: JSONValue = [
            "apiVersion": .string(AetheriusGroup.apiVersion), "kind": "ClusterAgent",
            "metadata": ["name": .string(name)],
            "status": [
                "agent": try JSON.decode(JSONValue.self, from: JSON.encode(written)),
                "conditions": try JSON.decode(JSONValue.self, from: JSON.encode(conditions)),
            ],
        ]
        _ = try await client.resources(DynamicObject.self, of: ClusterAgent.apiResource)
            .patch(name, .apply(body, fieldManager: FieldManager.agent), subresource: "status")
    }
}

extension TestCluster {
    /// A client that proves itself with a token and nothing else.
    func client(token: String) throws -> KubernetesClient {
        var configuration = ClientConfiguration(
            server: client.configuration.server,
            certificateAuthority: .file("\(certificates)/ca.crt"),
            credentials: .token(token)
        )
        configuration.proxy = client.configuration.proxy
        return try KubernetesClient(configuration: configuration, rateLimiter: nil)
    }

    /// Makes a ClusterAgent with mode Remote and heartbeats as short as they may be.
    func makeRemoteAgent(
        _ name: String,
        accepted: Bool = true,
        _ change: (inout ClusterAgent.Spec) -> Void = { _ in }
    ) async throws -> ClusterAgent {
        var agent = ClusterAgent(metadata: ObjectMeta(name: name), spec: .init(mode: .remote))
        agent.spec.accepted = accepted
        agent.spec.connection.server = client.configuration.server
        agent.spec.heartbeat.intervalSeconds = 5
        agent.spec.heartbeat.offlineAfterSeconds = 10
        change(&agent.spec)
        return try await client.resources(ClusterAgent.self).create(agent)
    }

    /// Changes the proxy that a Remote agent is to go through; nil for none.
    func setProxy(_ url: String?, of name: String) async throws {
        let change: JSONValue = ["spec": ["connection": ["proxyURL": url.map { .string($0) } ?? .null]]]
        _ = try await client.resources(ClusterAgent.self).patch(name, .merge(change))
    }

    /// Waits until a ClusterAgent is as it should be.
    func agent(
        _ name: String,
        until isReady: (ClusterAgent) throws -> Bool
    ) async throws -> ClusterAgent {
        try await client.resources(ClusterAgent.self).wait(for: name, until: isReady)
    }

    /// Makes a Secret in the namespace of the agents, which may not be there yet.
    func makeSecret(_ name: String, _ texts: [String: String]) async throws {
        try await ensureNamespace(AgentNames.namespace)
        let object: JSONValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string(name)],
            "stringData": try JSON.decode(JSONValue.self, from: JSON.encode(texts)),
        ]
        _ = try await client.resources(DynamicObject.self, of: Secret.apiResource, namespace: AgentNames.namespace)
            .create(DynamicObject(object))
    }

    /// Makes a Secret with a kubeconfig by which somebody may do everything in a cluster.
    func makeKubeconfigSecret(_ name: String, of far: TestCluster) async throws {
        try await far.kubectl("create", "serviceaccount", name, "-n", "default")
        let binding = "--serviceaccount=default:\(name)"
        try await far.kubectl("create", "clusterrolebinding", name, "--clusterrole=cluster-admin", binding)
        let token = try await far.client.requestToken(serviceAccount: name, namespace: "default")
        let authority = Array(try Data(contentsOf: URL(filePath: "\(far.certificates)/ca.crt")))
        let kubeconfig = """
            {kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],
            users: [{name: a, user: {token: "\(token.token)"}}],
            clusters: [{name: a, cluster: {server: "\(far.client.configuration.server)",
            certificate-authority-data: \(Base64.encode(authority))}}]}
            """
        try await makeSecret(name, ["kubeconfig": kubeconfig])
    }
}
