// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle
import Synchronization

/// Renews the Lease by which the hub knows that an agent lives, and gives it back when the agent stops.
final class HeartbeatService: ServiceLifecycle.Service {
    /// How long one request may take.
    private static let requestTimeout = Duration.seconds(10)
    /// How long giving the Lease back may take.
    private static let goodbyeTimeout = Duration.seconds(3)

    private struct State {
        var machine: HeartbeatStateMachine
        var lastVersion: String?
    }

    private let leases: ResourceClient<Lease>
    private let events: ResourceClient<Event>
    private let cluster: String
    private let known: @Sendable () -> ClusterAgent.Heartbeat?
    private let waitForSettings: @Sendable () async throws -> Void
    private let health: HubHealth
    private let metrics: AgentMetrics
    private let clock: AnyClock
    private let random: RandomSource
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameters:
    ///   - hub: a client with connections of its own, so that a beat waits for nothing else.
    ///   - settings: how often to beat, as the ClusterAgent says at the moment; nil while it is not known.
    ///   - waitForSettings: returns when the ClusterAgent has been read; that is not waited for long.
    init(
        hub: KubernetesClient,
        identity: AgentIdentity,
        predecessors: String?,
        settings: @escaping @Sendable () -> ClusterAgent.Heartbeat?,
        waitForSettings: @escaping @Sendable () async throws -> Void,
        health: HubHealth,
        metrics: AgentMetrics,
        clock: AnyClock = .continuous,
        random: RandomSource = .system,
        logger: Logger
    ) {
        leases = hub.limited(by: nil).resources(Lease.self, namespace: AgentNames.mailbox(identity.cluster))
        events = hub.limited(by: nil).resources(Event.self, namespace: AgentNames.mailbox(identity.cluster))
        cluster = identity.cluster
        known = settings
        self.waitForSettings = waitForSettings
        self.health = health
        self.metrics = metrics
        self.clock = clock
        self.random = random
        self.logger = logger
        state = Mutex(
            State(
                machine: HeartbeatStateMachine(
                    identity: identity.instanceID,
                    predecessors: predecessors,
                    interval: .seconds(ClusterAgent.Heartbeat().intervalSeconds)
                )
            )
        )
    }

    private var settings: ClusterAgent.Heartbeat { known() ?? ClusterAgent.Heartbeat() }

    /// Whether the agent may act: nobody else does under its name.
    var isHolder: Bool { state.withLock { $0.machine.isHolder } }

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.beat() }
        await sayGoodbye()
    }

    private func beat() async {
        try? await withTimeout(.seconds(5), clock: clock, waitForSettings)
        var step = HeartbeatStateMachine.Step.read
        while !Task.isCancelled {
            if case .wait(let delay, let next) = step {
                do { try await clock.sleep(until: clock.now.advanced(by: delay)) } catch { return }
                step = next
                continue
            }
            step = await perform(step)
        }
    }

    private func perform(_ step: HeartbeatStateMachine.Step) async -> HeartbeatStateMachine.Step {
        let settings = settings
        if let known = known() {
            state.withLock { state in
                state.machine.interval = .seconds(known.intervalSeconds)
                state.machine.leaseDuration = .seconds(known.offlineAfterSeconds)
            }
        }
        do throws(KubeError) {
            switch step {
            case .renew(let version):
                let lease = try await renew(version, settings)
                let now = clock.now
                metrics.beat("success")
                if health.succeeded(.heartbeat) { logger.info("the hub takes heartbeats again") }
                return state.withLock { state in
                    state.lastVersion = lease.metadata.resourceVersion
                    return state.machine.renewed(lease, at: now, random: random.next())
                }
            default:
                let lease = try await read()
                let now = clock.now
                let (next, duplicate) = state.withLock { ($0.machine.read(lease, at: now), $0.machine.duplicate) }
                await note(duplicate)
                return next
            }
        } catch {
            return failed(step, error)
        }
    }

    private func note(_ duplicate: String?) async {
        guard let duplicate else { return }
        let message =
            "another agent, \(duplicate), works under the name \(cluster); this one does nothing until it is gone"
        guard health.failed(.heartbeat, reason: EventReason.duplicateAgent, message: message) else { return }
        logger.error("\(message)", metadata: ["reason": "\(EventReason.duplicateAgent)"])
        let event = DuplicateAgentEvent.make(
            for: cluster,
            instance: state.withLock { $0.machine.identity },
            message: message,
            at: .now
        )
        do {
            _ = try await withTimeout(Self.requestTimeout, clock: clock) { [events] in try await events.create(event) }
        } catch {
            // It has been said before.
            guard (error as? KubeError)?.code != .alreadyExists else { return }
            logger.warning("the Event about it could not be written", metadata: ["error": "\(error)"])
        }
    }

    private func failed(_ step: HeartbeatStateMachine.Step, _ error: KubeError) -> HeartbeatStateMachine.Step {
        if error.code == .cancelled { return .wait(.zero, then: step) }
        let now = clock.now
        let next = state.withLock { $0.machine.failed(step, error, at: now, random: random.next()) }
        let reason = FailureReason.word(for: error)
        metrics.beat(reason)
        // Somebody else's write is looked into before it is called a failure.
        if next == .read { return next }
        if health.failed(.heartbeat, error) {
            logger.warning(
                "the heartbeat does not reach the hub",
                metadata: ["reason": "\(reason)", "error": "\(error.message)"]
            )
        }
        return next
    }

    private func read() async throws(KubeError) -> Lease {
        try await limited(Self.requestTimeout) { [leases, cluster] in try await leases.get(AgentNames.lease(cluster)) }
    }

    private func renew(
        _ version: String,
        holder: String? = nil,
        within timeout: Duration = HeartbeatService.requestTimeout,
        _ settings: ClusterAgent.Heartbeat
    ) async throws(KubeError) -> Lease {
        let identity = state.withLock { $0.machine.identity }
        let renewal = LeaseRenewal(
            resourceVersion: version,
            holder: holder ?? identity,
            renewTime: .now,
            duration: settings.offlineAfterSeconds
        )
        return try await limited(timeout) { [leases, cluster] in
            try await leases.patch(
                AgentNames.lease(cluster),
                .merge(renewal, fieldManager: FieldManager.agent)
            )
        }
    }

    private func limited(
        _ timeout: Duration,
        _ request: @escaping @Sendable () async throws -> Lease
    ) async throws(KubeError) -> Lease {
        do {
            return try await withTimeout(timeout, clock: clock, request)
        } catch let error as KubeError {
            throw error
        } catch {
            throw KubeError(code: .cancelled, message: "the heartbeat was cancelled", cause: error)
        }
    }

    /// Tells the hub at once that the agent ends.
    private func sayGoodbye() async {
        let version = state.withLock { $0.machine.isHolder ? $0.lastVersion : nil }
        guard let version else { return }
        let settings = settings
        // This task may be cancelled already, and a goodbye is worth a moment all the same.
        await Task {
            do throws(KubeError) {
                try await self.letGo(version, settings)
                self.logger.info("said goodbye to the hub")
            } catch {
                self.logger.warning("the goodbye did not reach the hub", metadata: ["error": "\(error.message)"])
            }
        }.value
    }

    private func letGo(_ version: String, _ settings: ClusterAgent.Heartbeat) async throws(KubeError) {
        do throws(KubeError) {
            _ = try await renew(version, holder: "", within: Self.goodbyeTimeout, settings)
        } catch {
            // A renewal that was under way at the stop has been written, and its answer was not waited for.
            guard error.code == .conflict else { throw error }
            let lease = try await read()
            let isOwn = lease.holderIdentity == state.withLock { $0.machine.identity }
            guard isOwn, let version = lease.metadata.resourceVersion else { throw error }
            _ = try await renew(version, holder: "", within: Self.goodbyeTimeout, settings)
        }
    }
}
