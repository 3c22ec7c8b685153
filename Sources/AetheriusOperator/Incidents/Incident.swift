// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import KubeAPI

/// One trouble of one workload of a cluster, folded from all that its agent reports about it.
struct Incident: Sendable, Hashable {
    /// The ClusterAgent that reports it.
    var cluster: String
    /// The owning workload.
    var object: ObjectReference
    var family: IncidentFamily
    var severity: Severity
    /// The reasons of its events.
    var reasons: Set<String>
    /// The report's key of the event that was first.
    var origin: String
    var count: Int
    var firstSeen: Timestamp
    var lastSeen: Timestamp
    /// When the last of its events was over; nil while one lasts.
    var resolvedAt: Timestamp?

    /// What it has in common with the same trouble in other clusters: a hash as 16 hexadecimal digits.
    var kindred: String { Self.hash([object.kind, object.namespace, object.name, family.word]) }
    /// What tells it from all other troubles: a hash as 16 hexadecimal digits.
    var fingerprint: String { Self.hash([cluster, object.kind, object.namespace, object.name, family.word]) }
    /// The name of the task about it.
    var taskName: String { "incident-\(fingerprint)" }

    private static func hash(_ words: [String]) -> String {
        String(Hash.sha256(Array(words.joined(separator: "\n").utf8)).prefix(16))
    }

    /// The incidents in an agent's report: the worst first, then the oldest.
    static func all(of cluster: ClusterAgent) -> [Incident] {
        var incidents: [String: Incident] = [:]
        for event in cluster.status.agent?.events?.items ?? [] where !event.object.name.isEmpty {
            let incident = Incident(event, in: cluster.metadata.name)
            incidents[incident.fingerprint] = incidents[incident.fingerprint]?.merged(with: incident) ?? incident
        }
        return incidents.values.sorted { left, right in
            if left.severity != right.severity { return left.severity > right.severity }
            return (left.firstSeen, left.fingerprint) < (right.firstSeen, right.fingerprint)
        }
    }

    private init(_ event: ClusterAgent.FoldedEvent, in cluster: String) {
        self.cluster = cluster
        object = event.object
        family = IncidentFamily(reason: event.reason, message: event.message ?? "")
        severity = event.severity ?? .medium
        reasons = [event.reason]
        origin = event.key
        count = event.count
        // An agent always tells them; without them nothing can be said about time.
        lastSeen = event.lastSeen ?? event.firstSeen ?? .now
        firstSeen = event.firstSeen ?? lastSeen
        resolvedAt = event.resolvedAt
    }

    private func merged(with other: Incident) -> Incident {
        var merged = firstSeen <= other.firstSeen ? self : other
        merged.severity = max(severity, other.severity)
        merged.reasons = reasons.union(other.reasons)
        merged.count = count + other.count
        merged.lastSeen = max(lastSeen, other.lastSeen)
        if let resolvedAt, let other = other.resolvedAt {
            merged.resolvedAt = max(resolvedAt, other)
        } else {
            merged.resolvedAt = nil
        }
        return merged
    }
}
