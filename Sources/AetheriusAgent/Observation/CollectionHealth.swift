// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import Synchronization

/// Knows which kinds of a cluster can be read, and why others cannot.
final class CollectionHealth: Sendable {
    /// Why a kind cannot be read.
    struct Failure: Sendable, Hashable {
        var reason: String
        var message: String
        /// Whether it is the server's word on the kind, and not trouble that may pass.
        var isRefusal = false
    }

    private let failures = Mutex<[String: Failure]>([:])
    private let missingUsage = Mutex<String?>(nil)

    /// Why nobody says what the nodes use, in a word and what the server says; nil if somebody does, or nobody has
    /// asked yet.
    var usageProblem: String? {
        get { missingUsage.withLock { $0 } }
        set { missingUsage.withLock { $0 = newValue } }
    }

    /// The kinds that cannot be read, with the reason for each.
    var unreadable: [String: Failure] { failures.withLock { $0 } }

    /// Whether a kind, by its plural name, could be read the last time that it was tried.
    func isReadable(_ plural: String) -> Bool { failures.withLock { $0[plural] == nil } }

    /// Whether a kind may not be read or is not served, so that to wait for it is of no use.
    func isRefused(_ plural: String) -> Bool { failures.withLock { $0[plural]?.isRefusal == true } }

    /// Notes that a kind could be read.
    func succeeded(_ plural: String) { failures.withLock { $0[plural] = nil } }

    /// Notes that a kind could not be read.
    func failed(_ plural: String, _ error: KubeError) {
        // These are part of every watch's life; and a server that is away is the target's trouble, not a kind's.
        guard error.code != .expired, error.code != .cancelled, !error.isServerAway else { return }
        let failure = Failure(
            reason: error.code == .forbidden
                ? "Forbidden" : error.code == .unauthorized ? "Unauthorized" : "ReadFailed",
            message: error.message,
            isRefusal: [.forbidden, .unauthorized, .notFound].contains(error.code)
        )
        failures.withLock { $0[plural] = failure }
    }

    /// What is said while the cluster's API server does not answer: what could be read before may not be any more.
    static let targetUnreachable = Condition(
        type: ConditionType.collectionHealthy,
        status: .unknown,
        reason: "TargetUnreachable",
        message: "nothing can be read at the moment, see the condition \(ConditionType.targetReachable)"
    )

    /// The condition that tells it.
    var condition: Condition {
        var condition = readings
        // A cluster without a metrics server is as it should be, so this is no trouble.
        if let usageProblem {
            condition.message =
                ("\(condition.message); what the nodes use is not available: \(usageProblem)").bounded(toUTF8: 1024)
        }
        return condition
    }

    private var readings: Condition {
        let unreadable = unreadable
        guard !unreadable.isEmpty else {
            return Condition(
                type: ConditionType.collectionHealthy,
                status: .true,
                reason: "AllReadable",
                message: "everything the agent looks at can be read"
            )
        }
        let reasons = Set(unreadable.values.map(\.reason))
        let kinds = unreadable.keys.sorted()
        let first = kinds.first.flatMap { unreadable[$0] }
        return Condition(
            type: ConditionType.collectionHealthy,
            status: .false,
            reason: reasons.count == 1 ? reasons.first ?? "ReadFailed" : "ReadFailed",
            message: ("cannot read \(kinds.joined(separator: ", ")): \(first?.message ?? "")").bounded(toUTF8: 1024)
        )
    }
}

extension KubeError {
    /// Whether nobody answered, or only to say that the server cannot answer now.
    var isServerAway: Bool {
        switch code {
        case .connection, .deadlineExceeded, .serverTimeout, .unavailable, .tooManyRequests: true
        default: false
        }
    }
}
