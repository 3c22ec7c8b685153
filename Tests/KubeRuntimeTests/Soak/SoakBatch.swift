// SPDX-License-Identifier: Apache-2.0
import KubeTesting

/// Soaks with many seeds.
struct SoakBatch: Sendable {
    private(set) var reports: [SoakRun.Report] = []
    private(set) var time = Duration.zero

    /// Runs all seeds, some at a time.
    init(
        seeds: [UInt64],
        jobs: Int,
        reporting: @Sendable (SoakRun.Report) -> Void = { _ in },
        _ run: @escaping @Sendable (UInt64) async throws -> SoakRun.Report
    ) async throws {
        let start = ContinuousClock.now
        reports = try await withThrowingTaskGroup(of: SoakRun.Report.self) { group in
            var reports: [SoakRun.Report] = []
            var remaining = seeds[...]
            for seed in remaining.prefix(jobs) { group.addTask { try await run(seed) } }
            remaining = remaining.dropFirst(jobs)
            while let report = try await group.next() {
                reports.append(report)
                reporting(report)
                if let seed = remaining.popFirst() { group.addTask { try await run(seed) } }
            }
            return reports
        }
        time = ContinuousClock.now - start
    }

    /// How often each fault has happened.
    var faults: [Fault: Int] {
        reports.reduce(into: [:]) { $0.merge($1.statistics.faults, uniquingKeysWith: +) }
    }

    /// A few lines about all of it.
    var summary: String {
        func sum(_ value: (SoakRun.Report) -> Int) -> Int { reports.reduce(0) { $0 + value($1) } }
        let faults = faults
        let failed = reports.filter { !$0.problems.isEmpty }.map(\.seed).sorted()
        return """
            \(reports.count) seeds, \(failed.count) failed\(failed.isEmpty ? "" : " \(failed)"): \
            \(sum(\.writeCount)) writes, \(sum(\.statistics.faultCount)) faults of \(faults.count) kinds, \
            \(sum { $0.statistics.requests[.list] ?? 0 }) lists, \(sum { $0.statistics.requests[.watch] ?? 0 }) watches, \
            \(sum(\.statistics.serverFailureCount)) failures of servers, \(sum(\.eventCount)) events, \
            \(time.components.seconds) s
            \(SoakRun.Report.describe(faults))
            """
    }
}
