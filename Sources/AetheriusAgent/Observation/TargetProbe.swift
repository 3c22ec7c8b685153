// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Synchronization

/// Asks the observed cluster's API server now and then whether it lives, and who it is.
final class TargetProbe: Sendable {
    private struct State {
        var machine = StateMachine()
        var facts = TargetFacts()
        /// Why a new way to the server is not taken, while the old one is still used.
        var refusal: String?
        /// Why the cluster's id could not be read, as the log has it.
        var loggedReason: String?
    }

    private let state = Mutex(State())
    private let clock: AnyClock
    private let logger: Logger

    init(clock: AnyClock = .continuous, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    /// Whether the server can be reached, as it is reported.
    ///
    /// It does not hold either while a new way to the server is refused: somebody has to mend that before the old one
    /// ends.
    var condition: Condition {
        state.withLock { state in
            var condition = state.machine.condition
            guard let refusal = state.refusal else { return condition }
            let old = condition.status == .true ? "" : ": \(condition.message)"
            condition.status = .false
            condition.reason = "InvalidConfiguration"
            condition.message =
                ("the new kubeconfig is refused: \(refusal); the old one is still used\(old)").bounded(toUTF8: 1024)
            return condition
        }
    }

    /// Whether the server answers, by whichever way.
    var isReachable: Bool { answer.status == .true }

    /// What the last probes have shown.
    var answer: Condition { state.withLock { $0.machine.condition } }

    /// Notes that another way to the server was to be taken and cannot be; nil if there is none such any more.
    func refused(_ error: KubeError?) { state.withLock { $0.refusal = error?.message } }

    /// What the server says of itself.
    var facts: TargetFacts { state.withLock { $0.facts } }

    /// Notes that there is no usable way to the server.
    func failed(_ error: KubeError) {
        let now = clock.now
        state.withLock { _ = $0.machine.failed(FailureReason.word(for: error), Self.message(error), at: now) }
    }

    /// What is said of a failure: a server that refuses a credential says no more than `Unauthorized`.
    static func message(_ error: KubeError) -> String {
        guard error.code == .unauthorized else { return error.message }
        return "the cluster's API server refuses the agent's token or certificate (401): put a valid one into the "
            + "kubeconfig of a Hosted agent; look at the ServiceAccount of any other: \(error.message)"
    }

    /// Forgets what is known of a server, because another one may take its place.
    func reset() { state.withLock { $0.facts = TargetFacts() } }

    /// Probes until the task is cancelled.
    func run(_ client: KubernetesClient) async {
        while !Task.isCancelled {
            let delay = await probe(client)
            if facts.isIncomplete { await learn(client) }
            do { try await clock.sleep(until: clock.now.advanced(by: delay)) } catch { return }
        }
    }

    private func probe(_ client: KubernetesClient) async -> Duration {
        let before = answer.status
        let delay: Duration
        do throws(KubeError) {
            try await Self.ask(client)
            delay = state.withLock { $0.machine.succeeded() }
        } catch {
            if error.code == .cancelled { return .zero }
            let now = clock.now
            let (reason, message) = (FailureReason.word(for: error), Self.message(error))
            delay = state.withLock { $0.machine.failed(reason, message, at: now) }
        }
        let condition = answer
        if condition.status != before {
            let level: Logger.Level = condition.status == .true ? .info : .warning
            logger.log(
                level: level,
                "the observed cluster: \(condition.message)",
                metadata: ["reason": "\(condition.reason)"]
            )
            // Whoever comes back may be of another version.
            if condition.status == .true { state.withLock { $0.facts.kubernetesVersion = nil } }
        }
        return delay
    }

    private static func ask(_ client: KubernetesClient) async throws(KubeError) {
        do throws(KubeError) {
            _ = try await client.get(path: "/livez")
        } catch {
            switch error.code {
            // A server that says who may not ask is alive.
            case .forbidden: return
            case .notFound: _ = try await client.get(path: "/healthz")
            default: throw error
            }
        }
    }

    private func learn(_ client: KubernetesClient) async {
        if facts.kubernetesVersion == nil, let version = try? await client.serverVersion() {
            state.withLock { $0.facts.kubernetesVersion = version.description.bounded(toUTF8: 64) }
        }
        guard facts.clusterUID == nil else { return }
        do throws(KubeError) {
            let uid = try await client.resources(Namespace.self).get("kube-system").metadata.uid
            state.withLock { $0.facts.clusterUID = uid }
        } catch {
            let reason = FailureReason.word(for: error)
            let isNew = state.withLock { state in
                defer { state.loggedReason = reason }
                return state.loggedReason != reason
            }
            logger.log(
                level: isNew ? .warning : .debug,
                "the cluster's id, the UID of its namespace kube-system, cannot be read",
                metadata: ["reason": "\(reason)", "error": "\(error.message)"]
            )
        }
    }
}

/// What is known of an observed cluster's API server.
struct TargetFacts: Sendable, Hashable {
    /// UID of the namespace kube-system: no two clusters have the same.
    var clusterUID: String?
    /// Its version, such as `v1.31.2`.
    var kubernetesVersion: String?

    var isIncomplete: Bool { clusterUID == nil || kubernetesVersion == nil }
}
