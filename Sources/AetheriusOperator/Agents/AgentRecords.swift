// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import Synchronization

/// Remembers what was made for each agent, so that not every look at it makes everything again.
///
/// It is empty after a start, and what it knows is believed for half an hour: then all is made again, in case somebody
/// has deleted a part of it. A failure is tried again sooner.
final class AgentRecords: Sendable {
    struct Record {
        /// What it was made for.
        var uid: String?
        var generation: Int64?
        /// When it was made.
        var at: AnyClock.Instant
        /// When it was looked at last.
        var lookedAt: AnyClock.Instant
        /// Whether rights were given, or taken away.
        var isGranted: Bool
        /// How far the Deployment is, where that is known only from making it.
        var deployment: AgentDeploymentState?
        /// Until when the token to register with is valid; nil if there is none.
        var bootstrapExpiry: Timestamp?
        /// Whether the agent was alive when it was made.
        var wasAlive = false

        var hasFailed: Bool {
            if case .failed? = deployment { true } else { false }
        }
    }

    static let trust = Duration.seconds(1800)
    /// How long a kubeconfig is believed to be as it was.
    static let kubeconfigTrust = Duration.seconds(60)
    /// How long a failure is left alone, and how often what somebody may delete on purpose is looked for.
    static let retry = Duration.seconds(30)

    private let clock: AnyClock
    private let records = Mutex<[String: Record]>([:])
    /// Since when agents are to leave that cannot be removed yet.
    private let leaving = Mutex<[String: AnyClock.Instant]>([:])

    init(clock: AnyClock = .continuous) { self.clock = clock }

    /// What was made for the present spec of an agent, if it was not too long ago.
    func valid(for agent: ClusterAgent) -> Record? {
        guard let record = records.withLock({ $0[agent.metadata.name] }), record.uid == agent.metadata.uid,
            record.generation == agent.metadata.generation, record.isGranted == agent.isGranted,
            age(of: record) < Self.trust, !(record.hasFailed && isLookDue(record))
        else { return nil }
        return record
    }

    /// How long ago something was made.
    func age(of record: Record) -> Duration { record.at.duration(to: clock.now) }

    /// Whether it is time to see whether all is still there.
    func isLookDue(_ record: Record) -> Bool { record.lookedAt.duration(to: clock.now) >= Self.retry }

    /// Notes what was made, or what is there.
    /// - Parameter old: what was made before and only looked at now; nil if all was made now.
    func note(_ agent: ClusterAgent, lookedAt old: Record? = nil, _ change: (inout Record) -> Void = { _ in }) {
        let now = clock.now
        var record = Record(
            uid: agent.metadata.uid,
            generation: agent.metadata.generation,
            at: old?.at ?? now,
            lookedAt: now,
            isGranted: agent.isGranted
        )
        change(&record)
        let noted = record
        records.withLock { $0[agent.metadata.name] = noted }
    }

    /// Whether it is time to look at the kubeconfig of an agent, for which everything else is as it was.
    func mustCheckKubeconfig(of agent: ClusterAgent) -> Bool {
        guard agent.spec.mode == .hosted, let record = valid(for: agent), !record.hasFailed else { return false }
        return record.lookedAt.duration(to: clock.now) >= Self.kubeconfigTrust
    }

    /// Notes what came of a look at an agent's kubeconfig; what else was made stays as old as it was.
    func noteKubeconfig(of agent: ClusterAgent, _ deployment: AgentDeploymentState?) {
        let now = clock.now
        records.withLock { records in
            guard var record = records[agent.metadata.name] else { return }
            record.lookedAt = now
            record.deployment = deployment
            records[agent.metadata.name] = record
        }
    }

    /// Forgets an agent: the next look makes everything again.
    func forget(_ cluster: String) { records.withLock { _ = $0.removeValue(forKey: cluster) } }

    /// For how long an agent has been about to leave; the first call is the beginning.
    func timeLeaving(_ cluster: String) -> Duration {
        let now = clock.now
        return leaving.withLock { leaving in
            let since = leaving[cluster] ?? now
            leaving[cluster] = since
            return since.duration(to: now)
        }
    }

    /// Notes that nothing is left to be removed of an agent.
    func hasLeft(_ cluster: String) { leaving.withLock { _ = $0.removeValue(forKey: cluster) } }
}

extension ClusterAgent {
    /// Whether an agent beside the operator itself is to have rights.
    fileprivate var isGranted: Bool { spec.accepted && !isInProcess }
}
