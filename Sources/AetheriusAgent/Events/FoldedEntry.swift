// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// The events of one workload for one reason and container, as an agent keeps them.
struct FoldedEntry: Sendable, Hashable {
    /// What the hub has been told.
    struct Told: Sendable, Hashable {
        var count: Int
        var isResolved: Bool
        var severity: Severity
    }

    let key: String
    var severity: Severity
    var isWarning: Bool
    let reason: String
    let owner: ObjectReference
    var sample: String
    var message: String
    var count: Int
    var firstSeen: Timestamp
    var lastSeen: Timestamp
    var resolvedAt: Timestamp?
    var told: Told?

    init(_ observation: EventObservation, key: String) {
        self.key = key
        severity = observation.severity
        isWarning = observation.isWarning
        reason = observation.reason
        owner = observation.owner
        sample = observation.sample
        message = observation.message
        count = 0
        firstSeen = observation.firstSeen
        lastSeen = observation.lastSeen
    }

    /// Takes up what an earlier process of this agent has told.
    init(_ item: ClusterAgent.FoldedEvent, at now: Timestamp) {
        key = item.key
        severity = item.severity ?? ReasonTable.other
        isWarning = true
        reason = item.reason
        owner = item.object
        sample = item.sample ?? ""
        message = item.message ?? ""
        count = item.count
        firstSeen = item.firstSeen ?? now
        lastSeen = item.lastSeen ?? now
        resolvedAt = item.resolvedAt
        told = Told(count: item.count, isResolved: item.resolvedAt != nil, severity: severity)
    }

    var isResolved: Bool { resolvedAt != nil }

    /// Occurrences that the hub has not been told of.
    var untold: Int { max(0, count - (told?.count ?? 0)) }

    /// Whether the hub should hear of it soon: it is new, worse than the hub knows, back, or over.
    var isNews: Bool {
        guard let told else { return !isResolved }
        return told.isResolved != isResolved || told.severity < severity
    }

    /// Whether it holds something that the hub is still to be told.
    ///
    /// What was over before the hub heard of it is no news, and neither is how often it had happened.
    var isUntold: Bool { isNews || untold > 0 && !isResolved }

    /// What is written into the status.
    var item: ClusterAgent.FoldedEvent {
        var object = owner
        object.uid = nil
        object.fieldPath = nil
        var item = ClusterAgent.FoldedEvent(
            key: key,
            reason: reason.bounded(toUTF8: 128),
            object: object,
            count: min(max(count, 1), Int(Int32.max))
        )
        item.severity = severity
        item.sample = sample.isEmpty ? nil : sample
        item.message = message.isEmpty ? nil : message.bounded(toUTF8: 256)
        item.firstSeen = firstSeen.wholeSeconds
        item.lastSeen = lastSeen.wholeSeconds
        item.resolvedAt = resolvedAt?.wholeSeconds
        return item
    }

    /// Which of two matters more: what the hub has not heard, then what is open, then the worse, then the later.
    static func precedes(_ left: FoldedEntry, _ right: FoldedEntry) -> Bool {
        if left.isNews != right.isNews { return left.isNews }
        if left.isResolved != right.isResolved { return !left.isResolved }
        if left.severity != right.severity { return left.severity > right.severity }
        if left.lastSeen != right.lastSeen { return left.lastSeen > right.lastSeen }
        return left.key < right.key
    }

    /// Which of two goes first when there is no room: what is over and told, then what is over, then the less bad,
    /// then the older.
    static func isDroppedBefore(_ left: FoldedEntry, _ right: FoldedEntry) -> Bool {
        let ranks = [left, right].map { $0.isResolved ? ($0.isNews ? 1 : 0) : 2 }
        if ranks[0] != ranks[1] { return ranks[0] < ranks[1] }
        if left.severity != right.severity { return left.severity < right.severity }
        if left.lastSeen != right.lastSeen { return left.lastSeen < right.lastSeen }
        return left.key < right.key
    }
}
