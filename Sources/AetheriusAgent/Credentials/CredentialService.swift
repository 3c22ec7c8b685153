// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
public import KubeClient
import KubeRuntime
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// Gets an agent of a far cluster its own token for the hub, keeps it in that cluster, and renews it in time.
///
/// A new token is kept before it is used: the one before it, or the one to register with, may be worth nothing from
/// then on.
public final class CredentialService: ServiceLifecycle.Service {
    /// The time between two looks at what there is.
    private static let lookInterval = Duration.seconds(5)
    /// The life that is asked for; the server may grant less.
    static let lifetime = Duration.seconds(7 * 24 * 3600)

    private let box: HubTokenBox
    private let hub: KubernetesClient
    private let target: TargetHolder
    private let namespace: String
    private let secret: String
    private let cluster: String
    private let bootstrapFile: String?
    private let health: HubHealth
    private let random = RandomSource.system
    private let logger: Logger
    private let machine = Mutex(CredentialStateMachine())

    /// Creates the service.
    /// - Parameters:
    ///   - box: where the token is put that requests carry.
    ///   - hub: a client that shows the token in the box.
    ///   - namespace: the agent's own namespace in the observed cluster.
    ///   - secret: the Secret there in which the token is kept; it has to exist.
    ///   - bootstrapFile: the file with the token to register with; it need not be there.
    ///   - agent: the agent whose credentials they are.
    public init(
        box: HubTokenBox,
        hub: KubernetesClient,
        namespace: String,
        secret: String,
        bootstrapFile: String?,
        agent: ClusterAgentRuntime,
        logger: Logger
    ) {
        self.box = box
        self.hub = hub
        target = agent.holder
        self.namespace = namespace
        self.secret = secret
        cluster = agent.cluster
        self.bootstrapFile = bootstrapFile
        health = agent.health
        self.logger = logger
    }

    /// Tells when the agent's own token expires.
    public func register(in registry: MetricsRegistry) {
        registry.collect(AgentMetrics.credentialExpiry) { [self] in
            let expiry = machine.withLock { $0.own?.expiresAt }
            return expiry.map { [.init(Double($0.seconds), ("cluster_id", cluster))] } ?? []
        }
    }

    /// Works until the task is cancelled or the service shut down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            // Without it, the token that is kept there cannot be read; but the one to register with may do.
            try? await withTimeout(.seconds(5), clock: .continuous) { [observations = self.target.observations()] in
                for await _ in observations { return }
            }
            var backoff = FullJitterBackoff()
            while !Task.isCancelled {
                var delay = Self.lookInterval
                do throws(KubeError) {
                    try await self.step()
                    backoff.succeeded(at: AnyClock.continuous.now)
                } catch {
                    if error.code == .cancelled { return }
                    self.note(error)
                    delay = max(
                        delay,
                        backoff.failed(
                            at: AnyClock.continuous.now,
                            retryAfter: error.retryAfter,
                            random: self.random.next()
                        )
                    )
                }
                do { try await Task.sleep(for: delay) } catch { return }
            }
        }
    }

    /// Where the token is kept, over the present connection.
    private func store() throws(KubeError) -> TokenStore {
        TokenStore(target: try target.client(), namespace: namespace, name: secret)
    }

    private func step() async throws(KubeError) {
        await look()
        if health.current.values.contains(where: { $0.reason == "CredentialRejected" }), let shown = box.current {
            machine.withLock { $0.refused(shown) }
        }
        let step = machine.withLock { $0.next(at: .now) }
        health.tokenExpiry = machine.withLock { $0.own?.expiresAt }
        if let shown = machine.withLock({ $0.shown }) { box.set(shown) }
        switch step {
        case .wait: health.succeeded(.credentials)
        case .missing:
            throw KubeError(code: .unauthorized, message: "there is no token to show the hub: \(hint)")
        case .request(let token): try await renew(showing: token)
        }
    }

    /// Looks for tokens.
    ///
    /// What cannot be read now is what it was before.
    private func look() async {
        let bootstrap = bootstrapFile.flatMap { try? TokenFile.read($0) }
        do throws(KubeError) {
            let stored = try await store().load()
            let value = random.next()
            machine.withLock { $0.found(stored, bootstrap: bootstrap, random: value) }
        } catch {
            let (value, own) = (random.next(), machine.withLock { $0.own })
            machine.withLock { $0.found(own, bootstrap: bootstrap, random: value) }
            logger.warning(
                "the Secret with the agent's token cannot be read",
                metadata: ["reason": "\(FailureReason.word(for: error))", "error": "\(error.message)"]
            )
        }
    }

    private func renew(showing token: String) async throws(KubeError) {
        box.set(token)
        let issuedAt = Timestamp.now
        let given: ServiceAccountToken
        do throws(KubeError) {
            given = try await hub.requestToken(
                serviceAccount: AgentNames.serviceAccount(cluster),
                namespace: AgentNames.namespace,
                TokenRequest(expirationSeconds: Int(Self.lifetime.components.seconds))
            )
        } catch {
            guard error.code == .unauthorized else { throw error }
            machine.withLock { $0.refused(token) }
            var error = error
            error.message += ": \(hint)"
            throw error
        }
        let own = HubToken(token: given.token, issuedAt: issuedAt.wholeSeconds, expiresAt: given.expiration)
        try await store().save(own)
        let value = random.next()
        machine.withLock { $0.received(own, random: value) }
        box.set(own.token)
        health.tokenExpiry = own.expiresAt
        health.succeeded(.credentials)
        // What was refused with another token is tried anew with this one.
        health.forget("CredentialRejected")
        logger.info("the agent has a new token for the hub", metadata: ["expires": "\(own.expiresAt)"])
        do throws(KubeError) {
            try await store().deleteBootstrap()
        } catch {
            logger.warning("the token to register with could not be removed", metadata: ["error": "\(error.message)"])
        }
    }

    /// What a person can do.
    private var hint: String {
        "apply once more what 'aetherius agent manifest \(cluster)' prints at the hub, and see that "
            + "spec.accepted of the ClusterAgent is true"
    }

    private func note(_ error: KubeError) {
        if health.failed(.credentials, error) {
            logger.warning(
                "the agent cannot get a token of its own",
                metadata: ["reason": "\(FailureReason.word(for: error))", "error": "\(error.message)"]
            )
        }
    }
}
