// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime

/// Folds the events of a cluster by owning workload, reason and container.
///
/// Pure: it is told the time and asks nobody but through closures. What it keeps is bounded: folded entries by
/// ``bufferSize``, the counts of Event objects and the keys that were seen by constants.
struct EventFolder: Sendable {
    /// How many items a report holds at most.
    static let maximumItems = ClusterAgent.EventSummary.maximumItems
    /// For how long nothing may have happened before a workload that looks healthy counts as mended.
    ///
    /// A container that crashes is Running for a while after each start.
    static let settlingTime = Duration.seconds(60)
    /// After how long without a repetition something counts as over if the object cannot be looked at.
    static let quietTime = Duration.seconds(1800)
    /// For how long something that is over stays in the report.
    static let retention = Duration.seconds(900)
    /// The most Event objects of which the count is known.
    static let maximumSeries = 8192
    /// The most keys that ``distinct`` tells apart; beyond it, one that comes back after it was dropped counts again.
    static let maximumKeys = 65536
    /// The largest total that a status can hold.
    static let maximumTotal: Int64 = 9_007_199_254_740_991

    private(set) var entries: [String: FoldedEntry] = [:]
    private var series = LeastRecentlyUsed<String, Int>(capacity: Self.maximumSeries)
    private var knownKeys: Set<UInt64> = []
    /// When this process began to look.
    let since: Timestamp
    /// From when on the totals count: earlier than ``since`` if an earlier process of this agent has begun.
    private(set) var countedSince: Timestamp
    /// Up to when an earlier process of this agent has certainly counted what happened; nil if there was none.
    private var countedUntil: Timestamp?
    private(set) var total: Int64 = 0
    private(set) var distinct: Int64 = 0
    private(set) var dropped: Int64 = 0
    /// How many entries are kept at most.
    var bufferSize: Int { didSet { makeRoom() } }

    init(since: Timestamp, bufferSize: Int = ClusterAgent.ReportSettings.defaultBufferSize) {
        self.since = since
        countedSince = since
        self.bufferSize = bufferSize
    }

    /// Takes up what an earlier process of this agent told and did not call over, and its totals.
    mutating func restore(_ summary: ClusterAgent.EventSummary, at now: Timestamp) {
        if total == 0 { restoreTotals(summary) }
        for item in summary.items where item.resolvedAt == nil && entries[item.key] == nil {
            entries[item.key] = FoldedEntry(item, at: now)
        }
        makeRoom()
    }

    private mutating func restoreTotals(_ summary: ClusterAgent.EventSummary) {
        func sane(_ number: Int64) -> Int64 { min(max(0, number), Self.maximumTotal) }
        (total, distinct, dropped) = (sane(summary.total), sane(summary.distinct), sane(summary.dropped))
        countedSince = min(summary.since ?? since, since)
        countedUntil = summary.items.compactMap(\.lastSeen).max()
        for item in summary.items { knownKeys.insert(UInt64(item.key, radix: 16) ?? 0) }
    }

    /// Takes in an event.
    mutating func observe(_ observation: EventObservation) {
        let key = observation.key
        let isKnown = entries[key] != nil
        var entry = entries[key] ?? FoldedEntry(observation, key: key)
        let happened = occurrences(observation, entry: isKnown ? entry : nil)
        guard happened > 0 else { return }
        entry.count += happened
        if observation.lastSeen >= entry.lastSeen {
            entry.lastSeen = observation.lastSeen
            entry.message = observation.message
            entry.sample = observation.sample
            entry.severity = observation.severity
            entry.resolvedAt = nil
        }
        entry.firstSeen = min(entry.firstSeen, observation.firstSeen)
        entries[key] = entry
        let isCounted = observation.isInitial && countedUntil.map { observation.lastSeen <= $0 } == true
        if !isCounted { total = min(total + Int64(happened), Self.maximumTotal) }
        noteKey(key, isKnown: isKnown, isCounted: isCounted)
        makeRoom()
    }

    /// How often something has happened since the Event object was seen last.
    private mutating func occurrences(_ observation: EventObservation, entry: FoldedEntry?) -> Int {
        let known = series[observation.eventUID]
        series[observation.eventUID] = observation.seriesCount
        // An Event object that is counted anew has been deleted and made again under another UID, so it never falls.
        if let known { return max(0, observation.seriesCount - known) }
        guard observation.isInitial else { return 1 }
        // An earlier process of this agent has counted what it had seen.
        if let told = entry?.told, told.count > 0, let entry, observation.lastSeen <= entry.lastSeen { return 0 }
        return max(1, observation.seriesCount)
    }

    private mutating func noteKey(_ key: String, isKnown: Bool, isCounted: Bool) {
        guard !isKnown else { return }
        let number = UInt64(key, radix: 16) ?? 0
        if knownKeys.contains(number) { return }
        if knownKeys.count < Self.maximumKeys { knownKeys.insert(number) }
        if !isCounted { distinct = min(distinct + 1, Self.maximumTotal) }
    }

    /// Looks at what the objects are like now: calls over what has mended, and forgets what has long been over.
    mutating func judge(at now: Timestamp, _ state: (ObjectReference) -> PresentState) {
        for (key, entry) in entries {
            if let resolvedAt = entry.resolvedAt {
                // The hub has to hear that it is over, however long that takes.
                let isDue = now.since(resolvedAt) >= Self.retention
                if isDue, !entry.isNews { entries[key] = nil }
                continue
            }
            let quiet = now.since(entry.lastSeen)
            guard quiet >= Self.settlingTime else { continue }
            let isOver =
                switch state(entry.owner) {
                case .healthy, .gone: true
                case .unhealthy: false
                case .unknown: quiet >= Self.quietTime
                }
            guard isOver else { continue }
            // What was over before anybody heard of it is no news.
            if entry.told == nil, entry.lastSeen < since {
                entries[key] = nil
            } else {
                entries[key]?.resolvedAt = now
            }
        }
    }

    /// Rates everything anew, and forgets what is not to be reported any more.
    /// - Parameter severity: how bad an entry is; nil if it is not to be reported.
    mutating func rate(_ severity: (FoldedEntry) -> Severity?) {
        entries = entries.compactMapValues { entry in
            guard let severity = severity(entry) else { return nil }
            var entry = entry
            entry.severity = severity
            return entry
        }
    }

    /// Forgets what the hub knows: all that is open is news again.
    mutating func forgetTold() {
        for key in entries.keys { entries[key]?.told = nil }
    }

    /// Notes what the hub knows of an entry.
    mutating func setTold(_ told: FoldedEntry.Told, for key: String) { entries[key]?.told = told }

    private mutating func makeRoom() {
        guard entries.count > bufferSize else { return }
        // Several at once, so that a storm does not sort for each event.
        let excess = entries.count - bufferSize + bufferSize / 16
        for entry in entries.values.sorted(by: FoldedEntry.isDroppedBefore).prefix(excess) {
            dropped += Int64(entry.untold)
            entries[entry.key] = nil
        }
    }
}
