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
        return DiagnosticTask.AgentReport(Assessment(findings: findings), in: Snapshot(takenAt: Timestamp(seconds: 0)))
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

    @Test("given names and messages as long as they may be, then the status still stays within 64 KiB")
    func longNames() {
        let namespace = String(repeating: "n", count: 63)
        let findings = (0..<200).map { index in
            func reference(_ kind: String) -> ObjectReference {
                let name = "\(index)-" + String(repeating: "x", count: 240)
                return ObjectReference(apiVersion: "apps/v1", kind: kind, namespace: namespace, name: name, uid: "u")
            }
            // Ten workloads with twenty pods each: as many candidates, explaining as much, as there may be.
            var owner = reference("Deployment")
            owner.name = "\(index % 10)-" + String(repeating: "y", count: 240)
            return Diagnosis.Finding(
                causeClass: .applicationCrash,
                object: reference("Pod"),
                owner: owner,
                container: String(repeating: "c", count: 63),
                severity: .high,
                message: String(repeating: "m", count: 2000),
                confidence: 0.9,
                isCause: true,
                evidence: [
                    EvidenceItem(
                        kind: .log,
                        source: String(repeating: "s", count: 300),
                        object: reference("Pod"),
                        text: String(repeating: "t", count: 2000)
                    )
                ]
            )
        }
        let report = DiagnosticTask.AgentReport(
            Assessment(findings: findings),
            in: Snapshot(takenAt: Timestamp(seconds: 0))
        )
        let answer = Decider.decide(.init(), report, duration: .zero)
        var status = DiagnosticTask.Status()
        status.agent = report
        status.diagnosis = answer.diagnosis
        status.recommendations = answer.recommendations
        #expect(JSON.encode(report).count <= 36 << 10)
        #expect(JSON.encode(answer.diagnosis).count <= 16 << 10)
        #expect(JSON.encode(status).count <= 60 << 10)
        #expect(answer.diagnosis.rootCause != nil)
        #expect(!report.findings.isEmpty)
    }
}
