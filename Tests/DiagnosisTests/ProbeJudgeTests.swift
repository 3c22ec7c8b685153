// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ProbeJudge")
struct ProbeJudgeTests {
    private static let refused = "Readiness probe failed: dial tcp 10.0.0.1:8080: connect: connection refused"
    private static let running =
        #""restartCount": 0, "started": true, "state": {"running": {"startedAt": "\#(Fixture.now.advanced(by: .seconds(-3600)))"}}"#

    private func cluster(
        _ probes: String,
        ports: String = #"[{"containerPort": 8080}]"#,
        neighbour: String = "",
        ready: Bool = false,
        status: String = ProbeJudgeTests.running,
        event: String = ProbeJudgeTests.refused
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"containers": [{"name": "app", "ports": \#(ports), \#(probes)}\#(neighbour)]}"#,
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "\(ready ? "True" : "False")"}],
                 "containerStatuses": [{"name": "app", "ready": \(ready), \(status)}]}
                """,
            more: #", "labels": {"app": "web"}"#
        )
        try cluster.event(kind: "Pod", "web-1", reason: "Unhealthy", path: "spec.containers{app}", event)
        return cluster
    }

    @Test("given a log that says where the process listens, then a refused probe of another port is wrong")
    func listensElsewhere() throws {
        var cluster = try cluster(#""readinessProbe": {"tcpSocket": {"port": 8080}}"#)
        #expect(cluster.conclusion.rootCause == nil)
        cluster.log(of: "web-1", "INFO listening on 0.0.0.0:9090")
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass.rawValue == "ReadinessProbeWrongPort")
        #expect(cause.message.contains("9090"))
    }

    @Test("given a log that says that the process listens just there, then the probe is right")
    func listensThere() throws {
        var cluster = try cluster(#""readinessProbe": {"tcpSocket": {"port": 9090}}"#)
        cluster.log(of: "web-1", "INFO listening on 0.0.0.0:9090")
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given a log with the address of the pod's own host only, then nobody outside can reach the port")
    func listensLocally() throws {
        var cluster = try cluster(#""readinessProbe": {"tcpSocket": {"port": 8080}}"#)
        cluster.log(of: "web-1", " * Running on http://127.0.0.1:8080")
        #expect(cluster.conclusion.rootCause?.causeClass == .listenAddressLocal)
        var open = try self.cluster(#""readinessProbe": {"tcpSocket": {"port": 8080}}"#)
        open.log(of: "web-1", " * Running on all addresses (0.0.0.0), port 8080", " * Running on http://127.0.0.1:8080")
        #expect(open.findings(.listenAddressLocal).isEmpty)
        var named = try self.cluster(#""readinessProbe": {"tcpSocket": {"port": 8080}}"#)
        named.log(of: "web-1", "listening on http://localhost:8080")
        #expect(named.findings(.listenAddressLocal).isEmpty)
    }

    @Test("given nothing declared, then the port to which the Service forwards supports that the probe is wrong")
    func servicePort() throws {
        var cluster = try cluster(#""readinessProbe": {"tcpSocket": {"port": 8080}}"#, ports: "[]")
        #expect(cluster.conclusion.rootCause == nil)
        try cluster.service("web", ports: #"[{"port": 80, "targetPort": 9090}]"#)
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == "ReadinessProbeWrongPort")
    }

    @Test("given a proxy in the pod that may take the probe over, then a port that nobody declares is too thin")
    func proxy() throws {
        let probe = #""readinessProbe": {"tcpSocket": {"port": 15020}}"#
        #expect(try cluster(probe).conclusion.rootCause != nil)
        #expect(try cluster(probe, neighbour: #", {"name": "proxy"}"#).conclusion.rootCause == nil)
    }

    @Test("given a port that is another container's, then that one is not well")
    func neighbour() throws {
        let cluster = try cluster(
            #""readinessProbe": {"tcpSocket": {"port": 9090}}"#,
            neighbour: #", {"name": "proxy", "ports": [{"containerPort": 9090}]}"#
        )
        #expect(cluster.conclusion.candidates.isEmpty)
    }

    @Test("given a gRPC probe of a port that answers HTTP, then it is the protocol and not the port")
    func otherMethod() throws {
        let cluster = try cluster(
            #""readinessProbe": {"grpc": {"port": 8080}}, "livenessProbe": {"httpGet": {"port": 8080}}"#,
            event: #"Readiness probe failed: timeout: failed to connect service "10.0.0.1:8080" within 1s"#
        )
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == "ReadinessProbeWrongProtocol")
        let alone = try self.cluster(
            #""readinessProbe": {"grpc": {"port": 8080}}, "livenessProbe": {"grpc": {"port": 8080}}"#,
            event: #"Readiness probe failed: timeout: failed to connect service "10.0.0.1:8080" within 1s"#
        )
        #expect(alone.conclusion.rootCause == nil)
    }

    @Test("given a connection that is dropped, then only another probe that passes tells that it is the protocol")
    func dropped() throws {
        let event = #"Readiness probe failed: Get "http://10.0.0.1:8080/": EOF"#
        let http = #""readinessProbe": {"httpGet": {"port": 8080}}"#
        #expect(try cluster(http, event: event).conclusion.rootCause == nil)
        let both = try cluster(http + #", "startupProbe": {"grpc": {"port": 8080}}"#, event: event)
        #expect(both.conclusion.rootCause?.causeClass.rawValue == "ReadinessProbeWrongProtocol")
    }

    @Test(
        "given an answer that wants credentials or another method, then the path is wrong",
        arguments: [401, 403, 405]
    )
    func status(code: Int) throws {
        let cluster = try cluster(
            #""readinessProbe": {"httpGet": {"port": 8080}}"#,
            event: "Readiness probe failed: HTTP probe failed with statuscode: \(code)"
        )
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == "ReadinessProbeWrongPath")
    }

    @Test(
        "given a start that takes longer than the probe waits, then it is too aggressive, and not otherwise",
        arguments: [40, 12]
    )
    func slowStart(seconds: Int) throws {
        var cluster = try cluster(
            #""livenessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 10, "failureThreshold": 3}"#,
            status: Fixture.crashLoop(exitCode: 143, lastRun: 35),
            event: "Liveness probe failed: dial tcp 10.0.0.1:8080: connect: connection refused"
        )
        cluster.log(of: "web-1", previous: true, "Started Application in \(seconds).5 seconds (JVM running for 42)")
        let names = cluster.conclusion.candidates.map(\.causeClass.rawValue)
        #expect(names.contains("LivenessProbeTooAggressive") == (seconds == 40))
    }

    @Test(
        "given a process that ends with a code of its own, then the kubelet's word that it ended it counts",
        arguments: [true, false]
    )
    func killing(isSaid: Bool) throws {
        var cluster = try cluster(
            #""livenessProbe": {"tcpSocket": {"port": 9090}}"#,
            status: Fixture.crashLoop(exitCode: 1, lastRun: 60),
            event: "Liveness probe failed: dial tcp 10.0.0.1:9090: connect: connection refused"
        )
        if isSaid {
            try cluster.event(
                kind: "Pod",
                "web-1",
                reason: "Killing",
                secondsAgo: 60,
                path: "spec.containers{app}",
                "Container app failed liveness probe, will be restarted"
            )
        }
        let name = cluster.conclusion.rootCause?.causeClass.rawValue
        #expect(name == (isSaid ? "LivenessProbeWrongPort" : "ApplicationCrash"))
    }

    /// A process that the kubelet ends for its startup probe after a minute, and what it has said until then.
    private func killed(
        _ lines: [String],
        lastRun: Int = 62,
        kind: String = "startup",
        exitCode: Int = 143
    ) throws -> Fixture {
        var cluster = try cluster(
            #""\#(kind)Probe": {"tcpSocket": {"port": 8080}, "periodSeconds": 10, "failureThreshold": 6}"#,
            status: Fixture.crashLoop(exitCode: exitCode, lastRun: lastRun),
            event:
                "\(kind.prefix(1).uppercased() + kind.dropFirst()) probe failed: dial tcp 10.0.0.1:8080: connect: connection refused"
        )
        try cluster.event(
            kind: "Pod",
            "web-1",
            reason: "Killing",
            secondsAgo: 60,
            path: "spec.containers{app}",
            "Container app failed \(kind) probe, will be restarted"
        )
        for line in lines { cluster.log(of: "web-1", previous: true, line) }
        return cluster
    }

    @Test(
        "given a process that is ended while it starts without a word of trouble, then the probe gives it too little time",
        arguments: ["startup", "liveness"]
    )
    func endedWhileStarting(kind: String) throws {
        let cause = try #require(try killed(["INFO Migrating schema to version 39"], kind: kind).conclusion.rootCause)
        #expect(cause.causeClass.rawValue == "\(kind.prefix(1).uppercased() + kind.dropFirst())ProbeTooAggressive")
        #expect(cause.confidence == 0.7)
    }

    @Test(
        "given a word of trouble, of waiting or of an open port, or a longer run, then the probe is not to blame",
        arguments: [
            (["INFO start", "ERROR worker pool exhausted"], 62),
            (["INFO waiting for the queue to come up"], 62),
            (["dial tcp 10.0.0.9:5432: connect: connection refused"], 62),
            (["INFO listening on 0.0.0.0:8080"], 62),
            (["INFO Migrating schema to version 39"], 300),
            ([], 62),
        ]
    )
    func endedForAnotherReason(lines: [String], lastRun: Int) throws {
        let conclusion = try killed(lines, lastRun: lastRun).conclusion
        #expect(!conclusion.candidates.contains { $0.causeClass.rawValue.hasSuffix("TooAggressive") })
        let crash = try #require(conclusion.candidates.first { $0.causeClass == .applicationCrash })
        #expect(crash.confidence <= 0.6)
    }

    @Test("given a startup probe that has passed, then what it said before is history")
    func started() throws {
        let cluster = try cluster(
            #""startupProbe": {"tcpSocket": {"port": 9090}}"#,
            event: "Startup probe failed: dial tcp 10.0.0.1:9090: connect: connection refused"
        )
        #expect(cluster.conclusion.rootCause == nil)
    }
}
