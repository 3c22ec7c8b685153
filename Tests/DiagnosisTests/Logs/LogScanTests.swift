// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("LogScan")
struct LogScanTests {
    private static let refused = "dial tcp 10.0.0.7:80: connect: connection refused"

    private func complaints(_ lines: [String], ready: Bool = true, crashes: Bool = false) throws -> [Complaint] {
        var cluster = Fixture()
        try cluster.program("orders", crashes: crashes, ready: ready, log: lines)
        return cluster.snapshot.complaints
    }

    @Test("given a program that does well, then a complaint counts while it is repeated at the end of the log")
    func present() throws {
        let complaint = try #require(complaints([Self.refused, "x", Self.refused]).first)
        #expect(complaint.sign == .connectionRefused)
        #expect(complaint.count == 2)
        #expect(complaint.target?.description == "10.0.0.7:80")
        #expect(!complaint.isInTrouble)
    }

    @Test("given MongoDB's older driver that finds no server, then it is about connecting; not a text about servers")
    func noServers() {
        #expect(LogScan.sign(of: "panic: no reachable servers") == .connectionFailed)
        #expect(LogScan.sign(of: "all servers are reachable") == nil)
    }

    @Test("given a complaint that was long ago or only once, then it is history")
    func history() throws {
        let work = [String](repeating: "GET / 200", count: 50)
        #expect(try complaints([Self.refused, Self.refused] + work).isEmpty)
        #expect(try complaints([Self.refused] + work.prefix(10)).isEmpty)
        let times = [
            "2026-01-02T03:04:05Z \(Self.refused)", "2026-01-02T03:04:06Z \(Self.refused)", "2026-01-02T05:00:00Z ok",
        ]
        #expect(try complaints(times).isEmpty)
        let old = [String](repeating: "2020-01-02T03:04:05Z \(Self.refused)", count: 3)
        #expect(try complaints(old).isEmpty)
    }

    @Test("given a program that is connected since, then the complaint is overcome, also of one that crashes")
    func overcome() throws {
        #expect(try complaints([Self.refused, Self.refused, "connected to 10.0.0.7:80"]).isEmpty)
        #expect(try complaints([Self.refused, "successfully connected", "panic: x"], crashes: true).isEmpty)
        #expect(try complaints([Self.refused, Self.refused, "connected to other:99"]).count == 1)
        #expect(try complaints([Self.refused, Self.refused, "not connected to 10.0.0.7:80"]).count == 1)
    }

    @Test("given the run before, then its log counts only while the container is in trouble")
    func previous() throws {
        func complaints(ready: Bool, restarts: Int) throws -> Int {
            var cluster = Fixture()
            try cluster.pod(
                "a",
                ready: ready,
                status: #""restartCount": \#(restarts), "state": {"running": {"startedAt": "2026-01-02T03:04:05Z"}}"#
            )
            cluster.log(of: "a", previous: true, Self.refused)
            return cluster.snapshot.complaints.count
        }
        #expect(try complaints(ready: true, restarts: 3) == 0)
        #expect(try complaints(ready: false, restarts: 3) == 1)
        #expect(try complaints(ready: false, restarts: 0) == 0)
    }

    @Test("given the lines around a complaint, then they tell which database it is about, however far the trace goes")
    func database() throws {
        let lines =
            ["Could not open connection", "\tat org.postgresql.Driver.connect(Driver.java:1)"]
            + [String](repeating: "\tat a.b(C.java:1)", count: 30) + [
                "Caused by: java.net.ConnectException: Connection refused"
            ]
        #expect(try complaints(lines, crashes: true).last?.database == .postgres)
        let far = ["postgres"] + [String](repeating: "x", count: 60) + ["Connection refused"]
        #expect(try complaints(far, crashes: true).last?.database == nil)
    }

    @Test("given the frames of a trace, or words that only contain those of a sign, then there is no complaint")
    func noComplaint() throws {
        let lines = [
            "\tat net.ConnectionRefused.econnrefused(X.java:1)", "0 errors: too many connections", "all is well",
            "... 3 more no such host more",
        ]
        #expect(try complaints(lines, crashes: true).isEmpty)
    }

    @Test("given a log that nobody has written for reading, then what is kept of it is bounded")
    func hostile() throws {
        let many = (0..<6000).map { "connect ECONNREFUSED 10.0.\($0 / 250).\($0 % 250):80 connected to x\($0):1" }
        #expect(try complaints(many, crashes: true).count <= LogScan.maximumComplaints)
        let long = [String(repeating: Self.refused + " ", count: 25_000)]
        #expect(try complaints(long, crashes: true).count == 1)
        let broken = [String(decoding: [UInt8](repeating: 0xC3, count: 1 << 20), as: UTF8.self), "\u{0}\u{0}"]
        #expect(try complaints(broken, crashes: true).isEmpty)
        let toggling = (0..<5000).map { $0 % 2 == 0 ? "lookup a\($0): no such host" : "connected to b\($0):1" }
        #expect(try complaints(toggling, crashes: true).count <= LogScan.maximumComplaints)
    }

    @Test("given a question about some pods, then what their neighbours complain about is kept apart")
    func neighbours() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: [Self.refused])
        try cluster.program("stock", crashes: true, log: [Self.refused])
        cluster.edit { snapshot in snapshot.neighbourPods = [snapshot.pods.removeLast()] }
        #expect(cluster.snapshot.complaints.count == 2)
        #expect(cluster.snapshot.ownComplaints.map(\.container.pod.metadata.name) == ["orders-1"])
    }

    @Test("given logs that are gone through ahead, then the complaints and their order are the same")
    func ahead() async throws {
        var cluster = Fixture()
        for number in 0..<30 {
            try cluster.program("orders-\(number)", crashes: true, log: ["connect to db\(number):1: \(Self.refused)"])
        }
        let expected = cluster.snapshot.complaints.map(\.evidence)
        cluster.edit { $0.takenAt = $0.takenAt }
        await cluster.snapshot.scanLogs()
        #expect(cluster.snapshot.index.complaints { [] }.map(\.evidence) == expected)
        #expect(expected.count == 30)
    }
}
