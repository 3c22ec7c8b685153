// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Which task comes first.
enum TaskPriority {
    /// What puts tasks that nobody has looked at yet before all that wait to run.
    ///
    /// Noting a task takes a moment, and only when all of them are noted is it known which one matters most.
    static let unseen = 1_000_000

    /// The place of a task in the queue.
    static func queuePriority(of task: DiagnosticTask, in cluster: ClusterAgent?) -> Int {
        let isNew = task.status.phase == nil || task.status.phase == .pending
        return priority(of: task, in: cluster) + (isNew || task.spec.cancel ? unseen : 0)
    }

    /// From how many times in an hour on an incident's frequency counts.
    static let frequent = 5
    /// What frequency adds at most: it makes a task a step more urgent, and never as urgent as a critical one.
    static let maximumForFrequency = 40

    /// The weight of a task's severity and place, and of how often its incident comes.
    /// - Parameters:
    ///   - task: the task; without a severity it counts as Medium.
    ///   - cluster: the cluster it is about, whose weights are added.
    static func priority(of task: DiagnosticTask, in cluster: ClusterAgent?) -> Int {
        let base =
            switch task.spec.severity ?? .medium {
            case .critical: 100
            case .high: 50
            case .low: 1
            default: 10
            }
        let target = task.spec.target?.namespace ?? ""
        let namespace = target.isEmpty ? task.metadata.namespace ?? "" : target
        let weights = cluster?.spec.diagnosis.namespaceWeights ?? [:]
        return base + (cluster?.spec.priorityWeight ?? 0) + (weights[namespace] ?? 0)
            + weight(of: task.status.incident)
    }

    /// Twice the times that the incident came in an hour, if these were more than ``frequent``.
    ///
    /// Of an incident that lasts for longer than an hour it is known how often it came in all: the mean hour counts.
    private static func weight(of incident: DiagnosticTask.Incident?) -> Int {
        guard let incident, incident.resolvedAt == nil, incident.count > frequent else { return 0 }
        let lasted = incident.lastSeen.flatMap { last in incident.firstSeen.map { last.since($0) } } ?? .zero
        let hours = max(1, lasted / .seconds(3600))
        let frequency = Double(incident.count) / hours
        guard frequency > Double(frequent) else { return 0 }
        return Int(min(2 * frequency, Double(maximumForFrequency)))
    }
}
