// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@Suite("Informers behind a server that fails", .timeLimit(.minutes(15)))
struct SoakTests {
    @Test("given ten schedules of faults, then stores and handlers end with what the server has")
    func tenSeeds() async throws {
        let batch = try await SoakBatch(seeds: Array(1...10), jobs: 2) { seed in
            try await SoakRun(cluster: .shared(), schedule: .mixed(seed: seed), writeCount: 400).run()
        }
        for report in batch.reports { #expect(report.problems.isEmpty, Comment(rawValue: report.failure)) }
        // When requests come decides which meet a rare fault, so a kind may be absent here; `oneFault` has each.
        let missing = Set(Fault.allCases).subtracting(batch.faults.keys)
        #expect(missing.count <= 3, "these have not happened: \(missing.map(\.rawValue).sorted())")
    }

    @Test("given an API server and an etcd that are killed, and an etcd that forgets, then all is as on the server")
    func restarts() async throws {
        let report = try await TestCluster.withOwn(.init(hasControllerManager: false)) { cluster in
            let schedule = FaultSchedule(seed: 1, rate: 0.2)
            return try await SoakRun(cluster: cluster, schedule: schedule, disturb: SoakRun.restarts).run()
        }
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
