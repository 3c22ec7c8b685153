// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient

/// The token by which a Remote agent registers, and the Secret with all that is to be applied in its cluster.
///
/// The token is bound to a Secret of its own: without that, it is worth nothing. The agent asks for a token that lasts
/// as soon as it has this one, so the Secret goes once the agent has registered.
struct AgentCredentials: Sendable {
    /// How long a token to register with is valid.
    static let lifetime = 3600
    /// How long before its end it is replaced.
    static let renewal = Duration.seconds(600)

    let client: KubernetesClient
    private let writer: ObjectWriter

    init(client: KubernetesClient) {
        self.client = client
        writer = ObjectWriter(client: client)
    }

    /// What the Secret with the manifest holds.
    struct Installed {
        /// What the manifest was made from.
        var hash: String?
        /// Hash of the settings of the connection in it.
        var settings: String?
        /// What is known of the agent that runs.
        var run: AgentRun?
        /// The token in it; nil if it has none.
        var token: ServiceAccountToken?
    }

    /// Reads the Secret with the manifest; nil if there is none.
    func installed(_ cluster: String) async throws(KubeError) -> Installed? {
        let secrets = client.resources(
            DynamicObject.self,
            of: Secret.apiResource,
            namespace: AgentNames.namespace
        )
        do throws(KubeError) {
            let secret = try await secrets.get(AgentNames.install(cluster))
            let annotations = secret.metadata.annotations
            var installed = Installed(
                hash: annotations[AnnotationKey.configurationHash],
                settings: annotations[AnnotationKey.settingsHash],
                run: annotations[AnnotationKey.agentRun].flatMap { AgentRun(path: $0) }
            )
            if let expiration = annotations[AnnotationKey.tokenExpiry].flatMap({ Timestamp($0) }),
                let token = secret.value.value(at: "data", AgentNames.tokenKey)?.stringValue.flatMap(Base64.decode)
            {
                installed.token = ServiceAccountToken(
                    token: String(decoding: token, as: UTF8.self),
                    expiration: expiration
                )
            }
            return installed
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Makes a new token to register with; one that was there before is worth nothing from now on.
    func makeBootstrapToken(_ agent: ClusterAgent) async throws(KubeError) -> ServiceAccountToken {
        let secret = bootstrap(agent.metadata.name)
        try await writer.delete(secret)
        try await writer.apply(secret.owned(by: agent))
        return try await client.requestToken(
            serviceAccount: AgentNames.serviceAccount(agent.metadata.name),
            namespace: AgentNames.namespace,
            TokenRequest(
                expirationSeconds: Self.lifetime,
                boundObject: TokenRequest.BoundObject(kind: "Secret", name: secret.name)
            )
        )
    }

    /// Makes the token to register with worth nothing.
    func revokeBootstrapToken(_ cluster: String) async throws(KubeError) {
        try await writer.delete(bootstrap(cluster))
    }

    /// Keeps what is to be applied in the observed cluster where whoever may read Secrets finds it.
    func keep(_ remote: RemoteAgent, hash: String, _ run: AgentRun?) async throws(KubeError) {
        var annotations = [
            AnnotationKey.configurationHash: hash, AnnotationKey.settingsHash: remote.settingsHash,
        ]
        annotations[AnnotationKey.agentRun] = run?.path
        var data = [AgentNames.manifestKey: Base64.encode(Array(remote.manifest.utf8))]
        if let token = remote.bootstrapToken {
            annotations[AnnotationKey.tokenExpiry] = token.expiration.description
            data[AgentNames.tokenKey] = Base64.encode(Array(token.token.utf8))
        }
        try await writer.apply(
            install(
                remote.agent.metadata.name,
                annotations: annotations,
                ["type": "Opaque", "data": .strings(data)]
            ).owned(by: remote.agent)
        )
    }

    /// The Secrets that are made for an agent.
    func secrets(_ cluster: String) -> [ManagedObject] { [bootstrap(cluster), install(cluster)] }

    private func bootstrap(_ cluster: String) -> ManagedObject { secret(AgentNames.bootstrap(cluster), cluster) }

    private func install(
        _ cluster: String,
        annotations: [String: String] = [:],
        _ fields: KeyValuePairs<String, JSONValue> = [:]
    ) -> ManagedObject {
        secret(AgentNames.install(cluster), cluster, annotations, fields)
    }

    private func secret(
        _ name: String,
        _ cluster: String,
        _ annotations: [String: String] = [:],
        _ fields: KeyValuePairs<String, JSONValue> = ["type": "Opaque"]
    ) -> ManagedObject {
        ManagedObject(
            Secret.apiResource,
            name,
            in: AgentNames.namespace,
            labels: [LabelKey.cluster: cluster, LabelKey.component: AgentNames.agentComponent],
            annotations: annotations,
            fields
        )
    }
}
