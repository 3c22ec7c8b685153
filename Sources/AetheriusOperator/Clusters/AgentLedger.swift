// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import ServiceLifecycle
import Synchronization

/// Keeps the tallies of all agents, while this process leads.
final class AgentLedger: ServiceLifecycle.Service {
    /// Finds the tasks that have not ended by the cluster that they are about; copies in mailboxes are none.
    static let openByCluster = Index<DiagnosticTask>("openByCluster") { task in
        task.status.isFinished || TaskCopy.isInMailbox(task) ? [] : [cluster(of: task)]
    }

    private let tasks: Informer<DiagnosticTask>
    private let clock: AnyClock
    private let tallies = Mutex<[String: AgentTally]>([:])

    init(tasks: Informer<DiagnosticTask>, clock: AnyClock = .continuous) {
        self.tasks = tasks
        self.clock = clock
    }

    /// The cluster that a task is about.
    static func cluster(of task: DiagnosticTask) -> String {
        task.spec.clusterRef?.name ?? AetheriusGroup.localClusterName
    }

    /// Counts the tasks that agents finish.
    func run() async throws {
        let handler = try tasks.addHandler { [weak self] event in
            guard case .updated(let old, let new) = event else { return }
            self?.receive(old, new)
        }
        defer { tasks.removeHandler(handler) }
        try? await gracefulShutdown()
    }

    func receive(_ old: DiagnosticTask, _ new: DiagnosticTask) {
        let hasEnded = !old.status.isFinished && new.status.isFinished && !TaskCopy.isInMailbox(new)
        guard hasEnded, new.status.agent?.gatheredAt != nil else { return }
        tallies.withLock { $0[Self.cluster(of: new)]?.finishedTask() }
    }

    /// Puts counts and queue into what is about to be written about an agent, if it is time to.
    /// - Parameters:
    ///   - hub: what is about to be written.
    ///   - isWriting: whether something else about the agent is written anyway.
    /// - Returns: when it will be time.
    func enter(into hub: inout ClusterAgent.Hub, of agent: ClusterAgent, isWriting: Bool) -> Duration? {
        let name = agent.metadata.name
        let queue = queue(of: name, at: .now)
        let isRegistered = hub.registeredAt != nil
        let now = clock.now
        var written = hub
        let due = tallies.withLock { tallies in
            var tally = tallies[name] ?? AgentTally(agent.status.hub ?? ClusterAgent.Hub())
            tally.observe(agent.status.agent, isRegistered: isRegistered)
            tallies[name] = tally
            return tally.enter(into: &written, queue, isWriting: isWriting, at: now)
        }
        hub = written
        return due
    }

    /// Notes that an agent's status was written.
    func wrote(_ cluster: String) {
        let now = clock.now
        tallies.withLock { $0[cluster]?.wrote(at: now) }
    }

    /// Forgets an agent that there is no more.
    func forget(_ cluster: String) { tallies.withLock { _ = $0.removeValue(forKey: cluster) } }

    /// The tasks that are to be worked on for an agent.
    private func queue(of cluster: String, at now: Timestamp) -> ClusterAgent.Queue {
        let open = tasks.store.objects(in: Self.openByCluster.name, value: cluster)
        let pending = open.filter { $0.status.phase != .running }
        var queue = ClusterAgent.Queue()
        queue.pending = pending.count
        queue.running = open.count - pending.count
        let oldest = pending.compactMap(\.metadata.creationTimestamp).min()
        queue.oldestPendingSeconds = oldest.map { max(0, now.since($0).components.seconds) }
        return queue
    }
}
