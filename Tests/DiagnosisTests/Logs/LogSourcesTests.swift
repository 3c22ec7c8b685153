// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("Sources of logs")
struct LogSourcesTests {
    @Test("given containers that fail or are not ready, then their logs are read, and no others")
    func sources() throws {
        var cluster = Fixture()
        try cluster.program("well")
        try cluster.program("failing", crashes: true)
        try cluster.program("waiting", ready: false)
        #expect(Analyzers.logSources(in: cluster.snapshot).map(\.pod.metadata.name) == ["failing-1", "waiting-1"])
    }

    @Test("given that nothing is known to be wrong, then one pod of each workload is looked at, and every database")
    func sample() throws {
        var cluster = Fixture()
        try cluster.program("web")
        try cluster.program("db", image: "mysql:8", port: 3306)
        cluster.edit { snapshot in
            for index in [0, 1] {
                var replica = snapshot.pods[index]
                replica.metadata.name += "-replica"
                replica.metadata.uid = "other-\(index)"
                snapshot.pods.append(replica)
            }
        }
        let names = Analyzers.logSample(in: cluster.snapshot, limit: 50).map(\.pod.metadata.name)
        #expect(names == ["web-1", "db-1", "db-1-replica"])
        #expect(Analyzers.logSample(in: cluster.snapshot, limit: 1).count == 1)
    }

    @Test("given that a cause is known, or that the log was read already, then no more are looked at")
    func noSample() throws {
        var cluster = Fixture()
        try cluster.program("web", log: ["x"])
        #expect(Analyzers.logSample(in: cluster.snapshot, limit: 50).isEmpty)
        try cluster.program("other")
        try cluster.pod("broken", phase: "Pending", status: Fixture.waiting("ErrImageNeverPull"))
        #expect(Analyzers.logSample(in: cluster.snapshot, limit: 50).isEmpty)
    }
}
