// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

@Suite("CrashAnalyzer")
struct CrashAnalyzerTests {
    @Test("given a container that crashes with an error line in its log, then the line is the message")
    func crashWithLog() throws {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.pod("web-1", of: "web", status: Fixture.crashLoop())
        cluster.log(of: "web-1", "starting", "FATAL: no route to database", "bye")

        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .applicationCrash)
        #expect(cause.object.description == "Deployment/shop/web")
        #expect(cause.message == "container app exits with code 1, saying: FATAL: no route to database")
        #expect(cause.confidence == 0.65)
        #expect(cluster.conclusion.terminationReason == .likely)
    }

    @Test("given no log but a termination message, then its line is quoted from the pod")
    func crashWithTerminationMessage() throws {
        var cluster = Fixture()
        try cluster.pod("solo", status: Fixture.crashLoop(message: "loading\\npanic: no config"))

        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.object.description == "Pod/shop/solo")
        #expect(cause.message.hasSuffix("saying: panic: no config"))
    }

    @Test("given a crash of which nothing is known but the exit code, then the cause is less certain")
    func crashWithoutWords() throws {
        var cluster = Fixture()
        try cluster.pod("solo", status: Fixture.crashLoop(exitCode: 139))

        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.message == "container app is ended by signal 11 (SIGSEGV, a bad memory access)")
        #expect(cause.confidence == 0.6)
        #expect(cluster.conclusion.terminationReason == .likely)
    }

    @Test("given a container that keeps ending with code 0, then it exits early rather than crashes")
    func exitsEarly() throws {
        var cluster = Fixture()
        try cluster.pod("solo", status: Fixture.crashLoop(exitCode: 0, reason: "Completed"))
        #expect(cluster.conclusion.rootCause?.causeClass == .containerExitedEarly)
        #expect(cluster.conclusion.rootCause?.confidence == 0.75)
    }

    @Test("given a pod that its node has ended as a whole, then the signal that its container got is no crash")
    func evicted() throws {
        let containers =
            #""containerStatuses": [{"name": "app", "state": {"terminated": {"exitCode": 137, "reason": "Error"}}}]"#
        for (reason, count) in [("Evicted", 0), ("", 1)] {
            var cluster = Fixture()
            try cluster.rawPod(
                "solo",
                spec: #"{"containers": [{"name": "app"}]}"#,
                status: #"{"phase": "Failed", "reason": "\#(reason)", \#(containers)}"#
            )
            #expect(cluster.findings(.applicationCrash).count == count)
        }
    }

    @Test("given three replicas with the same crash, then there is one cause that all three show")
    func replicasAreOneCause() throws {
        var cluster = Fixture()
        try cluster.deployment("web", replicas: 3)
        for index in 1...3 {
            try cluster.pod("web-\(index)", of: "web", status: Fixture.crashLoop())
            cluster.log(of: "web-\(index)", "ERROR at second \(index)")
        }

        let conclusion = cluster.conclusion
        #expect(conclusion.candidates.count == 1)
        #expect(conclusion.rootCause?.objects.map(\.name).sorted() == ["web-1", "web-2", "web-3"])
        #expect(conclusion.rootCause?.explains.contains { $0.kind == "Deployment" } == true)
    }

    @Test(
        "given a last line without a sign of trouble, then the crash is less certain than with one",
        arguments: [
            ("INFO cache warmed up", 0.6), ("ERROR cache is corrupt", 0.65), ("sh: 1: serve: not found", 0.65),
            ("connect: connection refused", 0.55),
        ]
    )
    func certainty(line: String, confidence: Double) throws {
        var cluster = Fixture()
        try cluster.pod("web-1", status: Fixture.crashLoop())
        cluster.log(of: "web-1", previous: true, line)
        let crash = try #require(cluster.findings(.applicationCrash).first)
        #expect(crash.confidence == confidence)
    }

    @Test("given a pod that crashed and has run well since, then nothing is wrong", arguments: [61, 3600])
    func recovered(seconds: Int) throws {
        var cluster = Fixture()
        try cluster.deployment("web", ready: 1)
        try cluster.pod("web-1", of: "web", ready: true, status: Fixture.running(for: seconds))
        cluster.log(of: "web-1", previous: true, "FATAL: once upon a time")
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a container that is up only for the moment between two crashes, then it still crashes")
    func betweenCrashes() throws {
        var cluster = Fixture()
        try cluster.deployment("web", ready: 1)
        try cluster.pod("web-1", of: "web", ready: true, status: Fixture.running(for: 1))
        #expect(cluster.conclusion.rootCause?.causeClass == .applicationCrash)
    }

    @Test("given a container that ran for ten minutes before it crashed, then eleven minutes are enough to recover")
    func slowCrash() throws {
        var cluster = Fixture()
        try cluster.pod("slow", ready: true, status: Fixture.running(for: 660, lastRun: 3600))
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a failed pod of a Job that has completed since, then it is history")
    func completedJob() throws {
        var cluster = Fixture()
        try cluster.workload(
            "Job",
            """
            {"metadata": {"name": "once", "namespace": "shop", "uid": "job-once"},
             "status": {"failed": 1, "conditions": [{"type": "Complete", "status": "True"}]}}
            """
        )
        try cluster.pod(
            "once-1",
            phase: "Failed",
            status: #""restartCount": 0, "state": {"terminated": {"exitCode": 2, "reason": "Error"}}"#,
            more: """
                , "ownerReferences": [{"apiVersion": "batch/v1", "kind": "Job", "name": "once", "uid": "job-once",
                  "controller": true}]
                """
        )
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given a pod that is being deleted, then the exit codes of its containers are nobody's fault")
    func deletion() throws {
        var cluster = Fixture()
        try cluster.pod(
            "leaving",
            status: #""restartCount": 0, "state": {"terminated": {"exitCode": 143, "reason": "Error"}}"#,
            more: #", "deletionTimestamp": "2027-01-15T08:00:00Z""#
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a log, then the strongest sign of trouble is quoted",
        arguments: [
            (["ERROR one", "FATAL two", "error three"], "FATAL two"),
            (["error one", "error two", "closing"], "error two"),
            (["0 errors", "done"], "done"),
            (["connection refused", "retrying", ""], "connection refused"),
            (["Exception: no database", "at a.b.Exception.c(D.java:1)", "... 5 more"], "Exception: no database"),
            (["bye", "unable to retrieve container logs for containerd://0123"], "bye"),
            (["2026-01-10T17:11:41.089+08:00 [10:11:41] ERROR no 10.0.0.1:80"], "ERROR no <address>:80"),
        ]
    )
    func explainingLine(lines: [String], expected: String) throws {
        var cluster = Fixture()
        try cluster.pod("solo", status: Fixture.crashLoop())
        cluster.edit { snapshot in
            snapshot.logs = [
                ContainerLog(namespace: "shop", pod: "solo", container: "app", isPrevious: false, lines: lines)
            ]
        }
        #expect(cluster.conclusion.rootCause?.message.hasSuffix("saying: \(expected)") == true)
    }

    @Test(
        "given a container that the kubelet backs off from and no record of its last end, then it crashes all the same"
    )
    func unrecorded() throws {
        var cluster = Fixture()
        let waiting = #""restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}}"#
        try cluster.pod("solo", status: waiting)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .applicationCrash)
        #expect(cause.message == "container app keeps ending")
        #expect(cause.confidence == 0.6)
        var pulling = Fixture()
        try pulling.pod("solo", status: Fixture.waiting("ContainerCreating"))
        #expect(pulling.findings(.applicationCrash).isEmpty)
    }
}
