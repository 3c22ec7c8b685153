// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// An agent that has no cluster, but does at the hub all that an agent does: it registers with the token of its
/// manifest, gets one of its own, renews its Lease over a connection of its own, watches its ClusterAgent and its
/// mailbox, and reports once a minute.
struct SimulatedAgent: Sendable {
    /// The time between two heartbeats, before jitter: an agent's default.
    static let interval = Duration.seconds(30)
    /// The time between two reports: an agent's default.
    static let reportInterval = Duration.seconds(60)

    let name: String
    private let hub: KubernetesClient
    private let heartbeat: KubernetesClient
    private let renewals: Renewals

    /// Registers an agent whose manifest is there or about to be.
    init(name: String, on cluster: TestCluster, renewals: Renewals) async throws {
        let secrets = cluster.client.resources(
            DynamicObject.self,
            of: Secret.apiResource,
            namespace: AgentNames.namespace
        )
        let secret = try await secrets.wait(for: AgentNames.install(name)) {
            $0.value.value(at: "data", AgentNames.manifestKey) != nil
        }
        let text = secret.value.value(at: "data", AgentNames.manifestKey)?.stringValue.flatMap(Base64.decode) ?? []
        let first = try Self.client(try Self.token(in: String(decoding: text, as: UTF8.self)), cluster)
        let own = try await first.requestToken(
            serviceAccount: AgentNames.serviceAccount(name),
            namespace: AgentNames.namespace
        )
        self.name = name
        self.renewals = renewals
        hub = try Self.client(own.token, cluster)
        heartbeat = try Self.client(own.token, cluster)
    }

    /// Works until the task is cancelled; then it is silent, as after a power failure.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await beat() }
            group.addTask { try await report() }
            group.addTask {
                await follow(hub.resources(ClusterAgent.self), fieldSelector: "metadata.name=\(name)")
            }
            group.addTask {
                await follow(hub.resources(DiagnosticTask.self, namespace: AgentNames.mailbox(name)))
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func beat() async throws {
        let leases = heartbeat.resources(Lease.self, namespace: AgentNames.mailbox(name))
        var lease = try await leases.get(AgentNames.lease(name))
        while true {
            let patch: JSONValue = [
                "metadata": ["resourceVersion": .string(lease.metadata.resourceVersion ?? "")],
                "spec": [
                    "holderIdentity": .string("\(name)_1"), "leaseDurationSeconds": 90,
                    "renewTime": .string(Timestamp.now.microTime),
                ],
            ]
            lease = try await leases.patch(AgentNames.lease(name), .merge(patch, fieldManager: FieldManager.agent))
            renewals.note(name)
            try await Task.sleep(for: Self.interval + Self.interval * (0.25 * Double.random(in: 0..<1)))
        }
    }

    private func report() async throws {
        let agents = hub.resources(ClusterAgent.self)
        var round = 0
        while true {
            let report = SimulatedReport.make(name: name, round: round)
            let body = StatusApplication<ClusterAgent>(to: ObjectMeta(name: name)) { writer in
                writer.field("agent", report)
                writer.field("conditions", SimulatedReport.conditions)
            }
            _ = try await agents.patch(
                name,
                .apply(body, fieldManager: FieldManager.agent),
                subresource: "status"
            )
            round += 1
            try await Task.sleep(for: Self.reportInterval * Double.random(in: 0.9..<1.1))
        }
    }

    private func follow<Object: Resource & JSONDecodable & Sendable>(
        _ client: ResourceClient<Object>,
        fieldSelector: String? = nil
    ) async {
        while !Task.isCancelled {
            do {
                let list = try await client.list(ListOptions(fieldSelector: fieldSelector))
                let stream = try await client.watch(
                    WatchOptions(fieldSelector: fieldSelector, resourceVersion: list.metadata.resourceVersion)
                )
                for try await _ in stream {}
            } catch {
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private static func client(_ token: String, _ cluster: TestCluster) throws -> KubernetesClient {
        var configuration = ClientConfiguration(
            server: cluster.client.configuration.server,
            certificateAuthority: cluster.client.configuration.certificateAuthority,
            credentials: .token(token)
        )
        configuration.connectTimeout = .seconds(60)
        return try KubernetesClient(configuration: configuration, rateLimiter: nil)
    }

    /// The manifest's only line of this form.
    private static func token(in manifest: String) throws -> String {
        for line in manifest.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count == 2, words[0] == "token:" else { continue }
            return words[1].trimmingPrefix("\"").filter { $0 != "\"" }
        }
        throw BenchmarkError(message: "there is no token in the manifest")
    }
}
