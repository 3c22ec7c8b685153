// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Decides what an incident means for its task.
///
/// Pure: it is told everything it has to know, the time included.
enum IncidentStateMachine {
    /// How often a task's count is written at most.
    static let writeInterval = Duration.seconds(60)
    /// From how many clusters on the same trouble is one that they share.
    static let sharingClusters = 3
    /// How many other tasks a task names.
    static let maximumLinks = 20

    /// The largest count that a task's status can hold.
    static let maximumCount = Int(Int32.max)

    /// What is known besides the incident and its task.
    struct Surroundings: Sendable {
        /// Whether the ClusterAgent lets the incident open a task.
        var mayOpen: Bool
        /// How long after the end of a task its incident is only counted.
        var cooldown: Duration
        /// Other tasks about the same trouble.
        var links: [DiagnosticTask.LinkedTask] = []
        /// In how many clusters it is.
        var clusters = 1
        /// What the agent had counted when this process looked last; nil if it never has.
        var countedBefore: Int?
        /// When the task's count was written last; nil if this process never has.
        var writtenAt: Timestamp?
    }

    struct Decision: Equatable {
        /// Open a task, or run the one that there is again.
        enum Opening: Equatable { case create, rerun }
        var opening: Opening?
        /// The severity that the task is to have; nil if it is right as it is.
        var severity: Severity?
        /// What is to be written into the status; nil if nothing is.
        var note: DiagnosticTask.Incident?
        /// Whether the incident is over now and was not before.
        var isOver = false
        /// When to look again although nothing happens; nil for never.
        var lookAgain: Duration?
    }

    static func next(
        _ incident: Incident,
        task: DiagnosticTask?,
        _ surroundings: Surroundings,
        now: Timestamp
    ) -> Decision {
        guard let task else {
            // What mended before anybody could look needs nobody to look.
            let opens = incident.resolvedAt == nil && surroundings.mayOpen
            return Decision(
                opening: opens ? .create : nil,
                severity: opens ? severity(of: incident, surroundings) : nil
            )
        }
        var decision = Decision()
        let old = task.status.incident
        var new = old ?? DiagnosticTask.Incident()
        new.fingerprint = incident.fingerprint
        new.count = count(incident.count, before: surroundings.countedBefore, total: new.count)
        new.firstSeen = min(new.firstSeen ?? incident.firstSeen, incident.firstSeen)
        new.lastSeen = max(new.lastSeen ?? incident.lastSeen, incident.lastSeen)
        new.resolvedAt = incident.resolvedAt
        new.linked = surroundings.links
        decision.isOver = new.resolvedAt != nil && old?.resolvedAt == nil
        let cameBack = old?.resolvedAt != nil && new.resolvedAt == nil
        if cameBack, surroundings.mayOpen, task.status.isFinished, !isCooling(task, surroundings.cooldown, now) {
            decision.opening = .rerun
        }
        let wanted = severity(of: incident, surroundings)
        if incident.resolvedAt == nil, wanted > task.spec.severity ?? .medium { decision.severity = wanted }
        guard new != old else { return decision }
        let isOnlyCounted =
            old != nil && old?.fingerprint == new.fingerprint && old?.resolvedAt == new.resolvedAt
            && old?.linked == new.linked
        if isOnlyCounted, let writtenAt = surroundings.writtenAt {
            let due = writtenAt.advanced(by: writeInterval)
            guard now >= due else {
                decision.lookAgain = due.since(now)
                return decision
            }
        }
        decision.note = new
        return decision
    }

    private static func isCooling(_ task: DiagnosticTask, _ cooldown: Duration, _ now: Timestamp) -> Bool {
        guard let end = task.status.completedAt else { return false }
        return now < end.advanced(by: cooldown)
    }

    /// Trouble that clusters share is one step worse than in one of them.
    private static func severity(of incident: Incident, _ surroundings: Surroundings) -> Severity {
        guard surroundings.clusters >= sharingClusters else { return incident.severity }
        return switch incident.severity {
        case .low: .medium
        case .medium: .high
        default: .critical
        }
    }

    /// How often it happened in all, from what the agent counts, which begins anew now and then.
    private static func count(_ reported: Int, before: Int?, total: Int) -> Int {
        guard let before else { return min(max(reported, total), maximumCount) }
        return min(total + (reported >= before ? reported - before : reported), maximumCount)
    }
}
