// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ThrottlingAnalyzer")
struct ThrottlingAnalyzerTests {
    private static let timeout = #"Readiness probe failed: Get "http://10.0.0.1:8080/": context deadline exceeded"#
    private static let limits = #""limits": {"cpu": "200m", "memory": "64Mi"}"#

    private func cluster(
        used: String? = "199m",
        limits: String = Self.limits,
        ready: Bool = false,
        event: String = Self.timeout,
        restarts: Int = 0,
        state: String = #""running": {"startedAt": "2027-01-15T07:50:00Z"}"#,
        container: String = "app"
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: """
                {"containers": [{"name": "app", "resources": {\(limits)},
                 "readinessProbe": {"httpGet": {"port": 8080, "path": "/"}, "timeoutSeconds": 1}}]}
                """,
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "\(ready ? "True" : "False")"}],
                 "containerStatuses": [{"name": "app", "ready": \(ready), "restartCount": \(restarts),
                 "state": {\(state)}}]}
                """
        )
        try cluster.event(kind: "Pod", "web-1", reason: "Unhealthy", path: "spec.containers{app}", event)
        if let used {
            try cluster.add(
                \.podMetrics,
                "web-1",
                #""containers": [{"name": "\#(container)", "usage": {"cpu": "\#(used)", "memory": "20Mi"}}]"#
            )
        }
        return cluster
    }

    @Test("given a probe that times out and a container at its CPU limit, then the limit is the cause")
    func atTheLimit() throws {
        let cause = try #require(try cluster().conclusion.rootCause)
        #expect(cause.causeClass == .cpuLimitTooLow)
        let evidence = try cluster().findings(.cpuLimitTooLow).flatMap(\.evidence)
        #expect(evidence.contains { $0.text.contains("199m of 200m") && $0.object.kind == "PodMetrics" })
        #expect(try cluster(used: "191m").conclusion.rootCause?.causeClass == .cpuLimitTooLow)
    }

    @Test("given an alert that it is throttled, then the limit is the cause without a metrics server")
    func alert() throws {
        var cluster = try cluster(used: nil)
        cluster.alert("CPUThrottlingHigh", labels: ["namespace": "shop", "pod": "other", "container": "app"])
        #expect(cluster.conclusion.rootCause?.causeClass != .cpuLimitTooLow)
        cluster.alert("CPUThrottlingHigh", labels: ["namespace": "shop", "pod": "web-1", "container": "app"], "71 %")
        #expect(cluster.conclusion.rootCause?.causeClass == .cpuLimitTooLow)
    }

    @Test("given CPU to spare, no limit, another failure, no metrics or a ready pod, then it is not the cause")
    func nearMisses() throws {
        let refused = "Readiness probe failed: dial tcp 10.0.0.1:8080: connect: connection refused"
        for cluster in [
            try cluster(used: "150m"), try cluster(limits: #""limits": {"memory": "64Mi"}"#),
            try cluster(event: refused), try cluster(used: nil), try cluster(ready: true),
        ] {
            #expect(cluster.conclusion.rootCause?.causeClass != .cpuLimitTooLow)
            #expect(!cluster.conclusion.candidates.contains { $0.causeClass == .cpuLimitTooLow })
        }
    }

    @Test("given a container that is ready between two restarts, then the limit is the cause all the same")
    func restarting() throws {
        #expect(try !cluster(ready: true, restarts: 3).findings(.cpuLimitTooLow).isEmpty)
    }

    @Test("given use below the limit by more than the mean hides, of another container, or of none that runs")
    func otherUse() throws {
        #expect(try cluster(used: "189m").findings(.cpuLimitTooLow).isEmpty)
        #expect(try cluster(container: "sidecar").findings(.cpuLimitTooLow).isEmpty)
        let waiting = #""waiting": {"reason": "CrashLoopBackOff"}"#
        #expect(try cluster(restarts: 3, state: waiting).findings(.cpuLimitTooLow).isEmpty)
    }

    @Test(
        "given an alert of another name, namespace or container, then it is not about this one",
        arguments: [
            ("CPUThrottlingHigh", "shop", "app", true), ("KubePodNotReady", "shop", "app", false),
            ("CPUThrottlingHigh", "lab", "app", false), ("CPUThrottlingHigh", "shop", "sidecar", false),
        ]
    )
    func alertLabels(name: String, namespace: String, container: String, isMeant: Bool) throws {
        var cluster = try cluster(used: nil)
        cluster.alert(name, labels: ["namespace": namespace, "pod": "web-1", "container": container])
        #expect(cluster.findings(.cpuLimitTooLow).isEmpty != isMeant)
    }

    @Test("given a probe that times out, then the metrics are consulted; otherwise not")
    func consults() throws {
        func isConsulted(_ cluster: Fixture) -> Bool {
            Analyzers.consults(in: cluster.snapshot).contains(PodMetrics.apiResource)
        }
        #expect(try isConsulted(cluster(used: nil)))
        #expect(try !isConsulted(cluster(used: nil, ready: true)))
        #expect(try !isConsulted(cluster(used: nil, limits: #""limits": {"memory": "64Mi"}"#)))
    }
}
