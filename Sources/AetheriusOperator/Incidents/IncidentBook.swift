// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Synchronization

/// What this process remembers of incidents between two looks at a report.
///
/// As large as the reports are: what a report has no more is forgotten.
final class IncidentBook: Sendable {
    struct Entry: Sendable {
        /// What the agent had counted.
        var counted: Int
        /// When the task's count was written last.
        var writtenAt: Timestamp
    }

    private let entries = Mutex<[String: [String: Entry]]>([:])

    /// What is remembered of an incident.
    func entry(_ incident: Incident) -> Entry? {
        entries.withLock { $0[incident.cluster]?[incident.fingerprint] }
    }

    /// Remembers that a count has been taken into the status.
    func note(_ incident: Incident, writtenAt: Timestamp) {
        let entry = Entry(counted: incident.count, writtenAt: writtenAt)
        entries.withLock { $0[incident.cluster, default: [:]][incident.fingerprint] = entry }
    }

    /// Forgets what a cluster does not report any more.
    func keep(_ incidents: [Incident], of cluster: String) {
        let fingerprints = Set(incidents.map(\.fingerprint))
        entries.withLock { entries in
            let kept = entries[cluster]?.filter { fingerprints.contains($0.key) } ?? [:]
            entries[cluster] = kept.isEmpty ? nil : kept
        }
    }
}
