// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI

/// What a hub with its agents takes while nothing happens but that all of them live.
struct SteadyState {
    var figures: [Figure]
    /// How many agents were called offline meanwhile.
    var falseOfflines: Int

    static func measure(_ fleet: Fleet, _ meter: ProcessMeter, for duration: Duration) async throws -> SteadyState {
        let (start, before) = (ContinuousClock.now, try await ServerCounts.read(fleet.cluster))
        let processorBefore = try meter.processorTime()
        var (growth, highest, last) = (0.0, 0.0, before.usedBytes)
        while start.duration(to: .now) < duration {
            try await Task.sleep(for: .seconds(5))
            try fleet.check()
            // Compaction makes it smaller; what is written in between is what counts.
            let used = try await ServerCounts.usedBytes(fleet.cluster)
            growth += max(0, used - last)
            last = used
            highest = max(highest, try meter.memory())
        }
        let after = try await ServerCounts.read(fleet.cluster)
        let seconds = start.duration(to: .now) / .seconds(1)
        func rate(_ resource: String) -> Double {
            ((after.writes[resource] ?? 0) - (before.writes[resource] ?? 0)) / seconds
        }
        let falseOfflines = fleet.watch.changes(to: .offline, since: start).count
        return SteadyState(
            figures: [
                Figure(
                    name: "fleet-api-writes",
                    value: (after.allWrites - before.allWrites) / seconds,
                    unit: "writes/s",
                    details: [
                        ("leases", rate("leases")), ("clusteragents", rate("clusteragents")),
                        ("agents", Double(fleet.names.count)),
                    ]
                ),
                Figure(
                    name: "fleet-operator",
                    value: try meter.memory(),
                    unit: "MiB",
                    details: [
                        ("highestMiB", highest),
                        ("processorPercent", (try meter.processorTime() - processorBefore) / seconds * 100),
                    ]
                ),
                Figure(
                    name: "fleet-etcd-growth",
                    value: growth / 1_048_576 * 3600 / seconds,
                    unit: "MiB/h before compaction",
                    details: [("fileMiB", after.databaseBytes / 1_048_576), ("usedMiB", after.usedBytes / 1_048_576)]
                ),
                Figure(
                    name: "fleet-false-offline",
                    value: Double(falseOfflines),
                    unit: "agents",
                    details: [
                        ("minutes", seconds / 60), ("longestGapSeconds", fleet.renewals.longestGap / .seconds(1)),
                    ]
                ),
            ],
            falseOfflines: falseOfflines
        )
    }
}
