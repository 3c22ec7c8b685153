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
    /// The report names all that the agent knows, and not this: if that stays so for ``patience``, it is over.
    case omitted
    /// It may last.
    case unclear

    /// For how long reports have to leave out an incident: longer than an agent that starts anew needs to read what
    /// has happened in its cluster, and to find out what it happened to.
    static let patience = Duration.seconds(300)

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
            self = Self.isComplete(cluster) ? .omitted : .unclear
        }
    }

    /// What is said of an incident whose reports have left it out for ``patience``.
    static func ending(of name: String) -> String {
        "no longer reported: the agent of cluster \(name) has not named it for \(patience.components.seconds) s"
    }

    /// Whether an agent that looks at its cluster now has room in its report for all that it knows.
    static func isComplete(_ cluster: ClusterAgent) -> Bool {
        guard cluster.isReporter, cluster.status.phase?.isAlive == true else { return false }
        // The operator answers tasks about its cluster, and does not watch it.
        guard let report = cluster.status.agent else { return cluster.isInProcess }
        let conditions = cluster.status.conditions
        guard let events = report.events, conditions.isTrue(ConditionType.targetReachable) else { return false }
        let hasRead = report.summary?.events != nil || conditions.isTrue(ConditionType.collectionHealthy)
        return hasRead && !report.truncated && report.queues?.events ?? 0 == 0
            && events.items.count < ClusterAgent.EventSummary.maximumItems
    }
}
