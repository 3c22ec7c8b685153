// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import Synchronization

/// Puts together what an agent reports, from everything that it knows.
final class ReportComposer: Sendable {
    /// The most unhealthy objects that are named.
    static let maximumUnhealthy = 10

    private struct State {
        var conditions: [Condition] = []
        /// UID of the ClusterAgent to which the conditions belong.
        var agentUID: String?
        /// Numbers that were taken since the hub last got any.
        var untoldSamples = 0
        var metrics: ClusterAgent.Metrics?
    }

    private let identity: AgentIdentity
    private let agents: Store<ClusterAgent>
    private let intake: EventIntake
    private let probe: TargetProbe
    private let target: TargetHolder
    private let mayReport: @Sendable () -> Bool
    private let waitingCommands: @Sendable () -> Int
    private let tokenExpiry: @Sendable () -> Timestamp?
    private let state = Mutex(State())

    init(
        identity: AgentIdentity,
        agents: Store<ClusterAgent>,
        intake: EventIntake,
        probe: TargetProbe,
        target: TargetHolder,
        mayReport: @escaping @Sendable () -> Bool,
        waitingCommands: @escaping @Sendable () -> Int,
        tokenExpiry: @escaping @Sendable () -> Timestamp?
    ) {
        self.identity = identity
        self.agents = agents
        self.intake = intake
        self.probe = probe
        self.target = target
        self.mayReport = mayReport
        self.waitingCommands = waitingCommands
        self.tokenExpiry = tokenExpiry
    }

    private var agent: ClusterAgent? { agents.get(identity.cluster) }

    /// Whether there is somewhere to report to, and something to say: the cluster's id, or that there is none.
    var isReady: Bool {
        guard agent != nil, mayReport() else { return false }
        return probe.facts.clusterUID != nil || probe.condition.status == .false
            || target.current?.health.isReadable("namespaces") == false
    }

    /// How long reports of numbers are apart.
    var routineInterval: Duration {
        .seconds(agent?.spec.report.metricsIntervalSeconds ?? ClusterAgent.ReportSettings.defaultMetricsIntervalSeconds)
    }

    /// Whether there are events that the hub should hear of soon.
    var hasNews: Bool { intake.withFolder { $0.hasNews } }

    /// Takes up numbers that were taken.
    func sampled(_ metrics: ClusterAgent.Metrics) {
        state.withLock { state in
            state.metrics = metrics
            state.untoldSamples += 1
        }
    }

    /// What to report now.
    func draft(at now: Timestamp) -> ReportDraft {
        let agent = agent
        if let agent { follow(agent) }
        var report = ClusterAgent.AgentReport()
        report.instanceID = identity.instanceID
        report.version = identity.version
        report.startedAt = identity.startedAt
        report.tokenExpiry = tokenExpiry()
        report.capabilities = ["EventWatch", "MetricsCollect"] + (identity.takesTasks ? ["Diagnose"] : [])
        report.clusterUID = probe.facts.clusterUID
        report.kubernetesVersion = probe.facts.kubernetesVersion
        let isReachable = probe.isReachable
        let collection = isReachable ? target.current?.health.condition : nil
        let conditions = [probe.condition, collection ?? CollectionHealth.targetUnreachable]
        if let observation = target.current {
            let view = ClusterView(observation, namespaces: agent?.spec.access.namespaces ?? .init(), at: now)
            report.summary = view.summary()
            let unhealthy = view.unhealthy()
            report.unhealthy = Array(unhealthy.prefix(Self.maximumUnhealthy))
            report.unhealthyTotal = observation.pods.hasSynced ? unhealthy.count : nil
            intake.settle(OwnerResolver(observation))
            // What cannot be seen now has not mended.
            if isReachable { intake.withFolder { $0.judge(at: now, view.state(of:)) } }
        }
        report.events = intake.withFolder { $0.summary() }
        report.queues = queues(beyond: report.events?.items ?? [])
        report.metrics = state.withLock { $0.metrics }
        report.fit()
        return ReportDraft(report: report, conditions: settled(conditions, at: now), agentUID: agent?.metadata.uid)
    }

    /// Notes what has reached the hub.
    func told(_ draft: ReportDraft) {
        intake.withFolder { $0.told(draft.report.events?.items ?? []) }
        state.withLock { $0.untoldSamples = 0 }
    }

    /// Goes on by what the ClusterAgent says now, and at first where an earlier process of this agent ended.
    private func follow(_ agent: ClusterAgent) {
        intake.follow(agent)
        let uid = agent.metadata.uid ?? ""
        state.withLock { state in
            guard state.agentUID != uid else { return }
            state.agentUID = uid
            state.conditions = agent.status.conditions
        }
    }

    /// The conditions with the times since when they hold.
    private func settled(_ conditions: [Condition], at now: Timestamp) -> [Condition] {
        state.withLock { state in
            for condition in conditions { state.conditions.set(condition, at: now) }
            return conditions.compactMap { state.conditions[$0.type] }
        }
    }

    private func queues(beyond items: [ClusterAgent.FoldedEvent]) -> ClusterAgent.Queues {
        var queues = ClusterAgent.Queues()
        let shown = Set(items.map(\.key))
        queues.events = intake.withFolder { $0.untoldCount(besides: shown) }
        queues.metrics = max(0, state.withLock { $0.untoldSamples } - 1)
        queues.commands = waitingCommands()
        return queues
    }
}
