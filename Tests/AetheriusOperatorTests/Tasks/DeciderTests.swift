// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import Diagnosis
import JSON
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite("Decider")
struct DeciderTests {
    private func report(_ count: Int = 1, textLength: Int = 20) -> DiagnosticTask.AgentReport {
        let findings = (0..<count).map { index in
            let pod = ObjectReference(
                apiVersion: "v1",
                kind: "Pod",
                namespace: "shop",
                name: "web-\(index)",
                uid: "\(index)"
            )
            return Diagnosis.Finding(
                causeClass: .applicationCrash,
                object: pod,
                owner: ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web"),
                container: "app",
                severity: .high,
                message: "it crashes",
                confidence: 0.9,
                isCause: true,
                evidence: [
                    EvidenceItem(
                        kind: .log,
                        source: "log",
                        object: pod,
                        text: String(repeating: "é", count: textLength) + "\(index)"
                    )
                ]
            )
        }
        return DiagnosticTask.AgentReport(findings, in: Snapshot(takenAt: Timestamp(seconds: 0)))
    }

    @Test("given a report, then the cause is named with the evidence that shows it")
    func answer() {
        let answer = Decider.decide(.init(), report(), duration: .milliseconds(42))
        #expect(answer.diagnosis.rootCause?.class == "ApplicationCrash")
        #expect(answer.diagnosis.rootCause?.object == "Deployment/shop/web")
        #expect(answer.diagnosis.rootCause?.evidence == ["e1"])
        #expect(answer.diagnosis.rootCause?.related.map(\.name) == ["web-0"])
        #expect(answer.diagnosis.strategy == .rules)
        #expect(answer.diagnosis.durationMilliseconds == 42)
        #expect(!answer.recommendations.isEmpty)
    }

    @Test(
        "given a strategy that is not built yet, then Rules runs and the answer says so",
        arguments: [DiagnosticTask.Strategy.llm, .knowledge]
    )
    func unsupportedStrategy(strategy: DiagnosticTask.Strategy) {
        var spec = DiagnosticTask.Spec()
        spec.strategy = strategy
        let diagnosis = Decider.decide(spec, report(), duration: .zero).diagnosis
        #expect(diagnosis.strategy == .rules)
        #expect(diagnosis.terminationReason == "Confident; strategy \(strategy) is not supported yet, Rules was used")
    }

    @Test("given remediation None, then nothing is recommended")
    func noRemediation() {
        var spec = DiagnosticTask.Spec()
        spec.remediation = .nothing
        #expect(Decider.decide(spec, report(), duration: .zero).recommendations.isEmpty)
    }

    @Test("given more than fits, then the status stays within 64 KiB, says so, and every reference is kept")
    func bounds() {
        let large = report(200, textLength: 5000)
        let answer = Decider.decide(.init(), large, duration: .zero)
        var status = DiagnosticTask.Status()
        status.agent = large
        status.diagnosis = answer.diagnosis
        status.recommendations = answer.recommendations
        #expect(JSON.encode(status).count < 64 << 10)
        #expect(large.truncated)
        #expect(large.findings.count <= 50)
        let known = Set(large.evidence.map(\.id))
        #expect(large.evidence.allSatisfy { $0.text.utf8.count <= 1024 })
        #expect(large.findings.flatMap(\.evidence).allSatisfy(known.contains))
    }
}
