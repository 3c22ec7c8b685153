// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@Suite("Informers behind a server that fails, for as long as one likes")
struct LongSoakTests {
    @Test("given many seeds, then each ends with what the server has", .enabled(if: SoakOptions() != nil))
    func manySeeds() async throws {
        let options = try #require(SoakOptions())
        let start = ContinuousClock.now
        var reports: [SoakRun.Report] = []
        try await withThrowingTaskGroup(of: SoakRun.Report.self) { group in
            var seeds = options.seeds[...]
            for seed in seeds.prefix(options.jobs) { group.addTask { try await Self.run(seed, options) } }
            seeds = seeds.dropFirst(options.jobs)
            while let report = try await group.next() {
                reports.append(report)
                print(report.problems.isEmpty ? report.description : report.failure)
                if let seed = seeds.popFirst() { group.addTask { try await Self.run(seed, options) } }
            }
        }
        print(Self.summary(of: reports, ContinuousClock.now - start))
        for report in reports {
            #expect(report.problems.isEmpty, "seed \(report.seed) failed; to do it again: \(report.command)")
        }
    }

    /// Every tenth seed has a control plane of its own, which is disturbed as well.
    private static func run(_ seed: UInt64, _ options: SoakOptions) async throws -> SoakRun.Report {
        let schedule = options.schedule(seed: seed)
        guard seed.isMultiple(of: 10) else {
            return try await SoakRun(cluster: .shared(), schedule: schedule, writeCount: options.writeCount).run()
        }
        let cluster = try await TestCluster.start(TestCluster.Configuration(hasControllerManager: false))
        let report = try await SoakRun(
            cluster: cluster,
            schedule: schedule,
            writeCount: options.writeCount,
            disturb: SoakRun.restarts
        ).run()
        await cluster.stop()
        return report
    }

    private static func summary(of reports: [SoakRun.Report], _ time: Duration) -> String {
        var faults: [Fault: Int] = [:]
        for report in reports { faults.merge(report.statistics.faults, uniquingKeysWith: +) }
        func sum(_ value: (SoakRun.Report) -> Int) -> Int { reports.reduce(0) { $0 + value($1) } }
        let failed = reports.filter { !$0.problems.isEmpty }.map(\.seed).sorted()
        return """
            \(reports.count) seeds, \(failed.count) failed\(failed.isEmpty ? "" : " \(failed)"): \
            \(sum(\.writeCount)) writes, \(sum(\.statistics.faultCount)) faults of \(faults.count) kinds, \
            \(sum { $0.statistics.requests[.list] ?? 0 }) lists, \(sum { $0.statistics.requests[.watch] ?? 0 }) watches, \
            \(sum(\.eventCount)) events, \(time.components.seconds) s
            \(SoakRun.Report.describe(faults))
            """
    }
}
