// SPDX-License-Identifier: Apache-2.0
public import Observability

/// Counts what an agent does.
public struct AgentMetrics: Sendable {
    static let events = MetricDescription(
        "aetherius_agent_events_total",
        .counter,
        labels: ["cluster_id"],
        help: "Events of the cluster that the agent has folded, each as often as it happened."
    )
    static let commands = MetricDescription(
        "aetherius_agent_commands_total",
        .counter,
        labels: ["cluster_id", "status"],
        help: "DiagnosticTasks and plans that the agent has ended, by how: completed, failed, refused or cancelled."
    )
    /// How often reports were written, or could not be.
    public static let reports = MetricDescription(
        "aetherius_agent_reports_total",
        .counter,
        labels: ["cluster_id", "result"],
        help: "Reports that the agent has tried to write, by success or the reason why not."
    )
    static let heartbeats = MetricDescription(
        "aetherius_agent_heartbeats_total",
        .counter,
        labels: ["cluster_id", "result"],
        help: "Renewals of the agent's Lease, by success or the reason why not."
    )
    static let credentialExpiry = MetricDescription(
        "aetherius_agent_credential_expiry_timestamp_seconds",
        .gauge,
        labels: ["cluster_id"],
        help: "When the agent's own token for the hub expires, in seconds since 1970; not there for tokens of others."
    )
    static let hubTrouble = MetricDescription(
        "aetherius_agent_hub_trouble",
        .gauge,
        labels: ["cluster_id", "activity", "reason"],
        help: "1 for each activity at the hub that does not work, by the reason."
    )

    /// What all of them are about.
    public static let descriptions = [events, commands, reports, heartbeats, credentialExpiry, hubTrouble]
    /// Those of an agent that is part of the operator: it has no Lease, no token of its own, and no mailbox.
    public static let inProcess = [events, reports, hubTrouble]

    /// A registry that knows the metrics, with those of the process.
    public static func makeRegistry() -> MetricsRegistry {
        let registry = MetricsRegistry(describing: [commands, reports, heartbeats])
        ProcessMetrics.register(in: registry)
        return registry
    }

    private let registry: MetricsRegistry
    private let cluster: String

    init(registry: MetricsRegistry, cluster: String) {
        self.registry = registry
        self.cluster = cluster
    }

    func reported(_ result: String) { count(Self.reports, [("result", result)]) }

    func beat(_ result: String) { count(Self.heartbeats, [("result", result)]) }

    func ended(_ status: String) { count(Self.commands, [("status", status)]) }

    /// Adds what is looked up when somebody asks.
    func collect(from intake: EventIntake, _ health: HubHealth) {
        let cluster = cluster
        registry.collect(Self.events) {
            [.init(Double(intake.withFolder { $0.total }), ("cluster_id", cluster))]
        }
        registry.collect(Self.hubTrouble) {
            health.current.map { activity, trouble in
                .init(1, ("cluster_id", cluster), ("activity", activity.rawValue), ("reason", trouble.reason))
            }
        }
    }

    private func count(_ metric: MetricDescription, _ dimensions: [(String, String)]) {
        metric.increment(in: registry, [("cluster_id", cluster)] + dimensions)
    }
}
