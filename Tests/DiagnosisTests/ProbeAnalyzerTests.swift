// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ProbeAnalyzer")
struct ProbeAnalyzerTests {
    private static let running = #""restartCount": 0, "state": {"running": {"startedAt": "2027-01-15T07:50:00Z"}}"#
    private static let killed = Fixture.crashLoop(exitCode: 137, lastRun: 40)

    private func cluster(
        _ probes: String,
        ports: String = #"[{"name": "http", "containerPort": 8080}]"#,
        ready: Bool = false,
        status: String,
        event: String,
        path: String = "spec.containers{app}"
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"containers": [{"name": "app", "ports": \#(ports), \#(probes)}]}"#,
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "\(ready ? "True" : "False")"}],
                 "containerStatuses": [{"name": "app", "ready": \(ready), \(status)}]}
                """
        )
        try cluster.event(kind: "Pod", "web-1", reason: "Unhealthy", path: path, event)
        return cluster
    }

    @Test(
        "given a readiness probe that fails, then what is wrong with it is named",
        arguments: [
            (
                #"{"tcpSocket": {"port": 9090}}"#,
                "Readiness probe failed: dial tcp 10.0.0.1:9090: connect: connection refused",
                "ReadinessProbeWrongPort"
            ),
            (
                #"{"grpc": {"port": 9090}}"#,
                #"Readiness probe failed: timeout: failed to connect service "10.0.0.1:9090" within 1s"#,
                "ReadinessProbeWrongPort"
            ),
            (
                #"{"httpGet": {"port": "htpt"}}"#, "Readiness probe failed: dial tcp: connect: connection refused",
                "ReadinessProbeWrongPort"
            ),
            (
                #"{"httpGet": {"port": "http", "path": "/"}}"#,
                #"Readiness probe failed: Get "http://10.0.0.1:8080/": net/http: malformed HTTP response"#,
                "ReadinessProbeWrongProtocol"
            ),
            (
                #"{"httpGet": {"port": 8080, "scheme": "HTTPS"}}"#,
                "Readiness probe failed: http: server gave HTTP response to HTTPS client", "ReadinessProbeWrongProtocol"
            ),
            (
                #"{"httpGet": {"port": 8080, "path": "/helth"}}"#,
                "Readiness probe failed: HTTP probe failed with statuscode: 404", "ReadinessProbeWrongPath"
            ),
            (
                #"{"exec": {"command": ["check"]}}"#,
                #"Readiness probe failed: exec: "check": executable file not found in $PATH"#,
                "ReadinessProbeWrongCommand"
            ),
        ]
    )
    func readiness(probe: String, event: String, expected: String) throws {
        let cluster = try cluster(#""readinessProbe": \#(probe)"#, status: Self.running, event: event)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.message.contains("10.0.0.1") == false)
    }

    @Test("given a process that answers that it is not well, then its probe is a symptom and not the cause")
    func notWell() throws {
        let cluster = try cluster(
            #""readinessProbe": {"httpGet": {"port": 8080}}"#,
            status: Self.running,
            event: "Readiness probe failed: HTTP probe failed with statuscode: 503"
        )
        #expect(cluster.conclusion.rootCause == nil)
        #expect(Analyzers.findings(in: cluster.snapshot).contains { $0.message.contains("answers with status 503") })
    }

    @Test(
        "given a liveness probe that has the container killed, then it is the cause and not the kill",
        arguments: [
            (
                #"{"tcpSocket": {"port": 9090}}"#, "Liveness probe failed: dial tcp: connect: connection refused",
                "LivenessProbeWrongPort"
            ),
            (
                #"{"tcpSocket": {"port": 8080}, "periodSeconds": 2}"#,
                "Liveness probe failed: dial tcp: connect: connection refused", "LivenessProbeTooAggressive"
            ),
            (
                #"{"httpGet": {"port": 8080}}"#,
                "Liveness probe failed: context deadline exceeded (Client.Timeout exceeded)",
                "LivenessProbeTooAggressive"
            ),
            (
                #"{"grpc": {"port": 8080}}"#,
                "Liveness probe failed: error reading server preface: http2: frame too large",
                "LivenessProbeWrongProtocol"
            ),
        ]
    )
    func liveness(probe: String, event: String, expected: String) throws {
        let cluster = try cluster(#""livenessProbe": \#(probe)"#, status: Self.killed, event: event)
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == expected)
    }

    @Test("given a process that does not listen where it says it does, then that is a symptom of it")
    func notListening() throws {
        let cluster = try cluster(
            #""readinessProbe": {"tcpSocket": {"port": 8080}}"#,
            status: Self.running,
            event: "Readiness probe failed: dial tcp 10.0.0.1:8080: connect: connection refused"
        )
        #expect(cluster.conclusion.rootCause == nil)
        #expect(Analyzers.findings(in: cluster.snapshot).contains { $0.causeClass == .containerPortNotServed })
    }

    @Test("given two probes that ask the same port, then they confirm each other, declared or not")
    func samePort() throws {
        let cluster = try cluster(
            #""readinessProbe": {"tcpSocket": {"port": 9090}}, "startupProbe": {"tcpSocket": {"port": 9090}}"#,
            status: Self.running,
            event: "Startup probe failed: dial tcp 10.0.0.1:9090: connect: connection refused"
        )
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given a run that ended before its probe could fail often enough, then the probe has not ended it")
    func tooEarly() throws {
        let cluster = try cluster(
            #""livenessProbe": {"tcpSocket": {"port": 9090}}"#,
            status: Fixture.crashLoop(exitCode: 2, lastRun: 2),
            event: "Liveness probe failed: dial tcp: connect: connection refused"
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .applicationCrash)
    }

    @Test("given a container that ends by itself with an error, then the liveness probe is not why")
    func ownCrash() throws {
        let cluster = try cluster(
            #""livenessProbe": {"tcpSocket": {"port": 9090}}"#,
            status: Fixture.crashLoop(exitCode: 1),
            event: "Liveness probe failed: dial tcp: connect: connection refused"
        )
        #expect(cluster.conclusion.candidates.map(\.causeClass) == [.applicationCrash])
    }

    @Test("given a container that is ready again, then its failed probes are history")
    func recovered() throws {
        let cluster = try cluster(
            #""readinessProbe": {"tcpSocket": {"port": 9090}}, "livenessProbe": {"tcpSocket": {"port": 9090}}"#,
            ready: true,
            status: Fixture.running(for: 7200, exitCode: 137),
            event: "Readiness probe failed: dial tcp: connect: connection refused"
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given an event about another container of the pod, then it is not this one's")
    func otherContainer() throws {
        let cluster = try cluster(
            #""readinessProbe": {"tcpSocket": {"port": 9090}}"#,
            status: Self.running,
            event: "Readiness probe failed: dial tcp: connect: connection refused",
            path: "spec.containers{other}"
        )
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given a slow start before a wrong protocol, then the newest event does not hide what the other says")
    func mostTelling() throws {
        var cluster = try cluster(
            #""readinessProbe": {"httpGet": {"port": 8080}}"#,
            status: Self.running,
            event: "Readiness probe failed: malformed HTTP response"
        )
        try cluster.event(
            kind: "Pod",
            "web-1",
            reason: "Unhealthy",
            secondsAgo: 1,
            "Readiness probe failed: context deadline exceeded"
        )
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == "ReadinessProbeWrongProtocol")
    }
}
