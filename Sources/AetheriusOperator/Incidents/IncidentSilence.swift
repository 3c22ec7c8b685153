// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// What it means that nothing is said of an incident that is open.
///
/// Agents forget: they start anew, run out of room, and are told to look at less. And a report is a choice: what it
/// leaves out may last all the same.
///
/// Pure: for how long it has been so is for others to know.
enum IncidentSilence: Equatable {
    /// Nobody is going to say anything of it any more, for a reason that is told in a sentence.
    case over(String)
    /// The report names all that the agent knows to last, and not this: if that stays so for some time, it is
    /// over, for a reason that is told in a sentence.
    case omitted(for: Duration, String)
    /// It may last.
    case unclear

    /// For how long reports have to leave out an incident: longer than an agent that starts anew needs to read what
    /// has happened in its cluster, and to find out what it happened to.
    static let shortestPatience = Duration.seconds(300)
    /// After how long an agent has certainly told that something is over, so that it does not stand before the rest.
    static let newsTime = Duration.seconds(120)

    /// - Parameters:
    ///   - task: the task of an incident that is not in the report.
    ///   - name: the name of its cluster.
    ///   - cluster: the ClusterAgent of that name; nil if there is none.
    init(about task: DiagnosticTask, of name: String, _ cluster: ClusterAgent?) {
        guard let cluster else {
            self = .over("no longer reported: ClusterAgent \(name) is gone")
            return
        }
        let (spec, filter) = (cluster.spec, cluster.spec.report.events)
        let namespace = task.spec.target?.namespace ?? ""
        let isLooked =
            namespace.isEmpty
            || spec.access.namespaces.contains(namespace)
                && (filter.namespaces.isEmpty || filter.namespaces.contains { NamePattern.matches($0, namespace) })
        // How bad an event is may have been set anew together with what is reported.
        let isTooLight =
            filter.severities.isEmpty && filter.minSeverity.map { task.spec.severity ?? .medium < $0 } ?? false
        if !cluster.mayReport {
            self = .over("no longer reported: ClusterAgent \(name) is not accepted (spec.accepted)")
        } else if !isLooked {
            self = .over(
                "no longer reported: ClusterAgent \(name) leaves out namespace \(namespace) (spec.access.namespaces, "
                    + "spec.report.events.namespaces)"
            )
        } else if isTooLight {
            self = .over("no longer reported: it is below spec.report.events.minSeverity of ClusterAgent \(name)")
        } else {
            let patience = Self.patience(with: cluster)
            let seconds = patience.components.seconds
            let ending = "no longer reported: the agent of cluster \(name) has not named it for \(seconds) s"
            self = Self.isComplete(cluster) ? .omitted(for: patience, ending) : .unclear
        }
    }

    /// For how long the reports of a cluster have to leave out an incident: two of them at least.
    static func patience(with cluster: ClusterAgent) -> Duration {
        max(shortestPatience, .seconds(2 * cluster.spec.report.metricsIntervalSeconds))
    }

    /// Whether an agent that looks at its cluster now has named all that it knows to last.
    static func isComplete(_ cluster: ClusterAgent) -> Bool {
        guard cluster.isReporter, cluster.status.phase?.isAlive == true else { return false }
        // The operator answers tasks about its cluster, and does not watch it.
        guard let report = cluster.status.agent else { return cluster.isInProcess }
        let conditions = cluster.status.conditions
        guard let events = report.events, conditions.isTrue(ConditionType.targetReachable) else { return false }
        let hasRead = report.summary?.events != nil || conditions.isTrue(ConditionType.collectionHealthy)
        guard hasRead, report.queues?.events ?? 0 == 0 else { return false }
        let hasRoom = events.items.count < ClusterAgent.EventSummary.maximumItems && !report.truncated
        // What is over stands behind all that lasts, unless it is news.
        guard !hasRoom else { return true }
        guard let now = report.metrics?.observedAt else { return false }
        return events.items.contains { item in item.resolvedAt.map { now.since($0) >= newsTime } ?? false }
    }
}
