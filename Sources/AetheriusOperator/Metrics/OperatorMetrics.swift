// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import KubeRuntime
public import Observability

/// The metrics of the operator.
public enum OperatorMetrics {
    /// What all of them are about, in the order in which they are documented.
    public static let descriptions =
        ([queueDepth, tasks, agents] + TaskMetrics.descriptions + IncidentMetrics.descriptions
            + AgentMetrics.inProcess + [build, TraceExporter.metric] + LibraryMetrics.descriptions
            + ProcessMetrics.descriptions + [MetricsRegistry.droppedSeries])

    static let queueDepth = MetricDescription(
        "aetherius_queue_depth",
        .gauge,
        help: "DiagnosticTasks that wait for a worker of this process; 0 where it does not lead."
    )
    static let tasks = MetricDescription(
        "aetherius_tasks",
        .gauge,
        labels: ["phase"],
        help: "DiagnosticTasks that there are, by phase."
    )
    static let agents = MetricDescription(
        "aetherius_agent_total",
        .gauge,
        labels: ["status"],
        help: "ClusterAgents that there are, by phase in small letters."
    )
    static let build = MetricDescription(
        "aetherius_build_info",
        .gauge,
        labels: ["version", "commit"],
        help: "Always 1; the labels tell which build runs."
    )

    /// A registry that knows the metrics, with those of the process.
    public static func makeRegistry() -> MetricsRegistry {
        let registry = MetricsRegistry(
            describing: TaskMetrics.descriptions + IncidentMetrics.descriptions + [AgentMetrics.reports]
                + LibraryMetrics.descriptions
        )
        ProcessMetrics.register(in: registry)
        return registry
    }

    /// Adds what is looked up when somebody asks.
    /// - Parameters:
    ///   - depths: tell how many tasks wait.
    ///   - build: which build this is.
    static func register(
        in registry: MetricsRegistry,
        informers: OperatorInformers,
        depths: [@Sendable () -> Int],
        build: BuildInformation
    ) {
        registry.collect(queueDepth) { [.init(Double(depths.reduce(0) { $0 + $1() }))] }
        let store = informers.tasks.store
        registry.collect(tasks) {
            counts(
                of: store.list().filter { !TaskCopy.isInMailbox($0) }.map {
                    $0.status.phase?.rawValue ?? DiagnosticTask.Phase.pending.rawValue
                }
            )
            .map { .init(Double($1), ("phase", $0)) }
        }
        let clusters = informers.directory
        registry.collect(agents) {
            counts(of: clusters.list().map { ($0.status.phase?.rawValue ?? "Pending").lowercased() })
                .map { .init(Double($1), ("status", $0)) }
        }
        registry.collect(Self.build) { [.init(1, ("version", build.version), ("commit", build.commit))] }
    }

    private static func counts(of words: [String]) -> [(String, Int)] {
        words.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }.map { ($0.key, $0.value) }
    }
}
