// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
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
    /// Since when reports leave out an incident, by cluster and the name of its task.
    ///
    /// By this process's own clock, from its first look on: what another leader has seen does not count.
    private let silences = Mutex<[String: [String: AnyClock.Instant]]>([:])
    private let clock: AnyClock

    init(clock: AnyClock = .continuous) { self.clock = clock }

    /// What is remembered of an incident.
    func entry(_ incident: Incident) -> Entry? {
        entries.withLock { $0[incident.cluster]?[incident.fingerprint] }
    }

    /// Remembers that a count has been taken into the status.
    func note(_ incident: Incident, writtenAt: Timestamp) {
        let entry = Entry(counted: incident.count, writtenAt: writtenAt)
        entries.withLock { $0[incident.cluster, default: [:]][incident.fingerprint] = entry }
    }

    /// For how long a cluster's reports have left out an incident; the first call is the beginning.
    func silence(of task: String, in cluster: String) -> Duration { silence(of: task, in: cluster, at: clock.now) }

    func silence(of task: String, in cluster: String, at now: AnyClock.Instant) -> Duration {
        silences.withLock { silences in
            let since = silences[cluster]?[task] ?? now
            silences[cluster, default: [:]][task] = since
            return since.duration(to: now)
        }
    }

    /// Notes that nothing follows from what a cluster's report leaves out.
    func endSilence(of task: String, in cluster: String) {
        silences.withLock { _ = $0[cluster]?.removeValue(forKey: task) }
    }

    /// Forgets what a cluster does not report any more, and the silence about what it does.
    /// - Parameter silent: the tasks of incidents that are open and not reported.
    func keep(_ incidents: [Incident], silent: [DiagnosticTask], of cluster: String) {
        let names = Set(silent.map(\.metadata.name))
        silences.withLock { silences in
            let kept = silences[cluster]?.filter { names.contains($0.key) } ?? [:]
            silences[cluster] = kept.isEmpty ? nil : kept
        }
        let fingerprints = Set(incidents.map(\.fingerprint))
        entries.withLock { entries in
            let kept = entries[cluster]?.filter { fingerprints.contains($0.key) } ?? [:]
            entries[cluster] = kept.isEmpty ? nil : kept
        }
    }
}
