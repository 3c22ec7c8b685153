// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@Suite("Informers behind a server that fails", .timeLimit(.minutes(5)))
struct SoakTests {
    @Test(
        "given ten schedules of faults, then every fault happens, and stores and handlers end with what the server has"
    )
    func tenSeeds() async throws {
        var missing = Set(Fault.allCases)
        // When requests come decides which meet a fault; a rare one may take a few schedules more.
        for seeds: [UInt64] in [Array(1...10), Array(11...15), Array(16...20)] where !missing.isEmpty {
            let batch = try await SoakBatch(seeds: seeds, jobs: 2) { seed in
                try await SoakRun(cluster: .shared(), schedule: .mixed(seed: seed), writeCount: 400).run()
            }
            for report in batch.reports { #expect(report.problems.isEmpty, Comment(rawValue: report.failure)) }
            missing.subtract(batch.faults.keys)
        }
        #expect(missing.isEmpty, "these have not happened: \(missing.map(\.rawValue).sorted())")
    }

    @Test("given an API server and an etcd that are killed, and an etcd that forgets, then all is as on the server")
    func restarts() async throws {
        let cluster = try await TestCluster.start(TestCluster.Configuration(hasControllerManager: false))
        let schedule = FaultSchedule(seed: 1, rate: 0.2)
        let report = try await SoakRun(cluster: cluster, schedule: schedule, disturb: SoakRun.restarts).run()
        await cluster.stop()
        #expect(report.problems.isEmpty, Comment(rawValue: report.failure))
        #expect(report.statistics.serverFailureCount > 0, "nobody has noticed: \(report)")
    }

    @Test(
        "given one kind of fault again and again, then it happens, and is got over",
        .serialized,
        arguments: Fault.allCases
    )
    func oneFault(_ fault: Fault) async throws {
        let report = try await SoakRun(cluster: .shared(), schedule: .only(fault), writeCount: 60).run()
        #expect(report.problems.isEmpty, Comment(rawValue: report.failure))
        #expect(report.statistics.faults[fault, default: 0] > 0, "it has not happened: \(report)")
    }
}
