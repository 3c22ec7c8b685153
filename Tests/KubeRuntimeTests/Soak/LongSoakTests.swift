// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@Suite("Informers behind a server that fails, for as long as one likes")
struct LongSoakTests {
    @Test("given many seeds, then each ends with what the server has", .enabled(if: SoakOptions() != nil))
    func manySeeds() async throws {
        let options = try #require(SoakOptions())
        let batch = try await SoakBatch(seeds: options.seeds, jobs: options.jobs) { report in
            print(report.problems.isEmpty ? report.description : report.failure)
        } _: { seed in
            try await Self.run(seed, options)
        }
        print(batch.summary)
        for report in batch.reports {
            #expect(report.problems.isEmpty, "seed \(report.seed) failed; to do it again: \(report.command)")
        }
    }

    /// Every tenth seed has a control plane of its own, which is disturbed as well.
    private static func run(_ seed: UInt64, _ options: SoakOptions) async throws -> SoakRun.Report {
        let schedule = options.schedule(seed: seed)
        guard seed.isMultiple(of: 10) else {
            return try await SoakRun(cluster: .shared(), schedule: schedule, writeCount: options.writeCount).run()
        }
        return try await TestCluster.withOwn(.init(hasControllerManager: false)) { cluster in
            try await SoakRun(
                cluster: cluster,
                schedule: schedule,
                writeCount: options.writeCount,
                disturb: SoakRun.restarts
            ).run()
        }
    }
}
