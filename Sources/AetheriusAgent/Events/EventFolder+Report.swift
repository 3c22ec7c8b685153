// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

extension EventFolder {
    /// The most important entries, and the true totals.
    func summary(limit: Int = Self.maximumItems) -> ClusterAgent.EventSummary {
        var summary = ClusterAgent.EventSummary()
        summary.items = entries.values.sorted(by: FoldedEntry.precedes).prefix(limit).map(\.item)
        summary.since = countedSince.wholeSeconds
        summary.total = total
        summary.distinct = distinct
        summary.dropped = dropped
        return summary
    }

    /// Whether there is something that the hub should hear soon.
    var hasNews: Bool { entries.values.contains { $0.isNews } }

    /// How many entries hold something that the hub has not been told.
    /// - Parameter shown: keys of entries that are about to be told, and so do not count.
    func untoldCount(besides shown: Set<String> = []) -> Int {
        entries.values.count { $0.isUntold && !shown.contains($0.key) }
    }

    /// Notes what has reached the hub.
    mutating func told(_ items: [ClusterAgent.FoldedEvent]) {
        for item in items {
            guard let entry = entries[item.key] else { continue }
            setTold(
                FoldedEntry.Told(
                    count: item.count,
                    isResolved: item.resolvedAt != nil,
                    severity: item.severity ?? entry.severity
                ),
                for: item.key
            )
        }
    }
}
