// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("PortConflictAnalyzer")
struct PortConflictAnalyzerTests {
    private static let line = "Web server failed to start. Port 8080 was already in use."

    private func cluster(ready: Bool = false, status: String, sidecar: Bool = true) throws -> Fixture {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"containers": [{"name": "app"}\#(sidecar ? #", {"name": "proxy"}"# : "")]}"#,
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "\(ready ? "True" : "False")"}],
                 "containerStatuses": [{"name": "app", "ready": \(ready), \(status)}]}
                """
        )
        return cluster
    }

    @Test("given a container that keeps ending, then either of its logs tells", arguments: [true, false])
    func logs(previous: Bool) throws {
        var cluster = try cluster(status: Fixture.crashLoop())
        cluster.log(of: "web-1", previous: previous, Self.line)
        cluster.log(of: "web-1", previous: !previous, "unable to retrieve container logs")
        #expect(cluster.conclusion.rootCause?.causeClass == .containerPortConflict)
    }

    @Test("given a server that takes long to find out, then it need not have ended yet")
    func stillRunning() throws {
        var cluster = try cluster(status: Fixture.running(for: 500, lastRun: 40))
        cluster.log(of: "web-1", Self.line)
        #expect(cluster.conclusion.rootCause?.causeClass == .containerPortConflict)
    }

    @Test("given a container that serves, or is alone in its pod, then there is no conflict")
    func noConflict() throws {
        var serving = try cluster(ready: true, status: Fixture.running(for: 7200))
        serving.log(of: "web-1", Self.line)
        #expect(serving.conclusion.terminationReason == .healthy)
        var alone = try cluster(status: Fixture.crashLoop(), sidecar: false)
        alone.log(of: "web-1", Self.line)
        #expect(alone.conclusion.rootCause?.causeClass == .applicationCrash)
    }
}
