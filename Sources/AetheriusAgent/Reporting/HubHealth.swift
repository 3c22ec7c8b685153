// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Synchronization

/// Knows how an agent gets on with its hub: what it can tell nobody but its own log, metrics and probes.
final class HubHealth: Sendable {
    /// What an agent does at the hub.
    enum Activity: String, Sendable, Hashable, CaseIterable {
        case heartbeat
        case report
        case credentials
        case tasks
    }

    /// Why something does not work.
    struct Trouble: Sendable, Hashable {
        /// A word such as `CredentialRejected`.
        var reason: String
        /// What the server or the system says.
        var message: String
        /// Since when.
        var since: Timestamp
    }

    private let troubles = Mutex<[Activity: Trouble]>([:])
    private let expiry = Mutex<Timestamp?>(nil)

    /// When the agent's own token for the hub expires; nil for tokens of others.
    var tokenExpiry: Timestamp? {
        get { expiry.withLock { $0 } }
        set { expiry.withLock { $0 = newValue } }
    }

    /// What does not work.
    var current: [Activity: Trouble] { troubles.withLock { $0 } }

    /// Notes that something works.
    /// - Returns: whether it did not before.
    @discardableResult
    func succeeded(_ activity: Activity) -> Bool { troubles.withLock { $0.removeValue(forKey: activity) != nil } }

    /// Notes that something does not work.
    /// - Returns: whether it did before, or failed for another reason.
    @discardableResult
    func failed(_ activity: Activity, _ error: KubeError, at now: Timestamp = .now) -> Bool {
        failed(activity, reason: FailureReason.word(for: error), message: error.message, at: now)
    }

    /// Notes that something does not work, for a reason of this program's own.
    @discardableResult
    func failed(_ activity: Activity, reason: String, message: String, at now: Timestamp = .now) -> Bool {
        troubles.withLock { troubles in
            let known = troubles[activity]
            let since = known?.since ?? now
            troubles[activity] = Trouble(reason: reason, message: message, since: since)
            return known?.reason != reason
        }
    }

    /// Forgets troubles of one reason, which may have passed.
    func forget(_ reason: String) { troubles.withLock { $0 = $0.filter { $0.value.reason != reason } } }

    /// One check for each activity, as a readiness probe tells them.
    var checks: [HealthReport.Check] {
        let current = current
        return Activity.allCases.map { activity in
            HealthReport.Check(
                name: "hub-\(activity.rawValue)",
                problem: current[activity].map { "\($0.reason) since \($0.since): \($0.message)" }
            )
        }
    }
}
