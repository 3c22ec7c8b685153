// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("OutOfMemoryAnalyzer")
struct OutOfMemoryAnalyzerTests {
    @Test("given a container killed at its limit, then the limit is named and it is not called a crash")
    func killedAtLimit() throws {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.pod(
            "web-1",
            of: "web",
            status: Fixture.crashLoop(exitCode: 137, reason: "OOMKilled"),
            limits: #"{"memory": "32Mi"}"#
        )

        let conclusion = cluster.conclusion
        #expect(conclusion.candidates.map(\.causeClass) == [.outOfMemory])
        #expect(
            conclusion.rootCause?.message
                == "container app is killed because it needs more than its memory limit of 32Mi"
        )
        #expect(
            conclusion.recommendations.contains { $0.command?.contains("set resources deployment/web -c app") == true }
        )
    }

    @Test("given a kill without a limit of its own, then the node's memory is named")
    func killedWithoutLimit() throws {
        var cluster = Fixture()
        try cluster.pod("solo", status: Fixture.crashLoop(exitCode: 137, reason: "OOMKilled"))
        #expect(cluster.conclusion.rootCause?.message.contains("has no limit of its own") == true)
    }

    @Test("given a container that was killed once and runs well since, then nothing is wrong")
    func recovered() throws {
        var cluster = Fixture()
        try cluster.pod("solo", ready: true, status: Fixture.running(for: 7200, reason: "OOMKilled", exitCode: 137))
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a kill from outside that is no memory kill, then it is a crash")
    func otherKill() throws {
        var cluster = Fixture()
        try cluster.pod("solo", status: Fixture.crashLoop(exitCode: 137))
        #expect(cluster.conclusion.rootCause?.causeClass == .applicationCrash)
    }
}
