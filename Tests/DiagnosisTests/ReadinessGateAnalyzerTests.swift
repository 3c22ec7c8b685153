// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ReadinessGateAnalyzer")
struct ReadinessGateAnalyzerTests {
    private func cluster(containersReady: Bool = true, gate: String) throws -> Fixture {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            status: """
                {"phase": "Running", "conditions": [
                   {"type": "Ready", "status": "False", "reason": "ReadinessGatesNotReady",
                    "message": "the status of pod readiness gate \\"example.com/pool\\" is not \\"True\\", but False"},
                   {"type": "ContainersReady", "status": "\(containersReady ? "True" : "False")"}\(gate)],
                 "containerStatuses": [{"name": "app", "ready": \(containersReady), "restartCount": 0, "state": {"running": {}}}]}
                """
        )
        return cluster
    }

    @Test("given ready containers and a gate that is closed, then its own words are the answer")
    func closed() throws {
        let gate = #", {"type": "example.com/pool", "status": "False", "reason": "X", "message": "status 404"}"#
        let cause = try #require(try cluster(gate: gate).conclusion.rootCause)
        #expect(cause.causeClass == .readinessGateClosed)
        #expect(cause.message.contains("readiness gate example.com/pool is False: status 404"))
        let silent = try #require(try cluster(gate: "").conclusion.rootCause)
        #expect(silent.message.hasSuffix("has not been set"))
        #expect(silent.confidence < cause.confidence)
    }

    @Test("given containers that are not ready themselves, then the gate is not why")
    func containers() throws {
        #expect(try cluster(containersReady: false, gate: "").findings(.readinessGateClosed).isEmpty)
    }
}
