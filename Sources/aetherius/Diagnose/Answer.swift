// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Diagnosis
import Evidence
import KubeAPI
import KubeClient

/// What `aetherius diagnose` tells.
struct Answer {
    /// What was asked about; nil for everything.
    let subject: ObjectReference?
    /// The namespace that was looked at; nil for all of them.
    let namespace: String?
    let report: DiagnosticTask.AgentReport
    let conclusion: Conclusion
    /// What could be set up better, if somebody has asked for that too.
    var hygiene: [Finding] = []

    /// What was asked about, for people.
    var title: String {
        subject?.description ?? namespace.map { "namespace \($0)" } ?? "the cluster"
    }

    /// The evidence that a cause rests on, each piece once.
    func evidence(for cause: Cause) -> [DiagnosticTask.Evidence] {
        evidence(Set(cause.findings.flatMap { report.findings[$0].evidence }))
    }

    /// The evidence that a finding rests on.
    func evidence(for finding: DiagnosticTask.Finding) -> [DiagnosticTask.Evidence] {
        evidence(Set(finding.evidence))
    }

    private func evidence(_ ids: Set<String>) -> [DiagnosticTask.Evidence] {
        report.evidence.filter { ids.contains($0.id) }
    }
}

extension Answer {
    /// The answer of somebody who could not look at all.
    init(failure: any Error, subject: ObjectReference?, namespace: String?) {
        let gap = Unreadable(what: "the cluster", reason: Self.reason(failure), message: "\(failure)")
        var report = DiagnosticTask.AgentReport()
        report.unreadable = [
            DiagnosticTask.Unreadable(what: gap.what, reason: gap.reason, message: gap.message)
        ]
        var conclusion = Conclusion(subject: subject, namespace: namespace, findings: [], unreadable: [gap])
        conclusion.summary = "Could not look: \(gap.message)"
        var subject = subject
        if subject?.kind != "Namespace" { subject?.namespace = namespace ?? "" }
        self.init(subject: subject, namespace: namespace, report: report, conclusion: conclusion)
    }

    /// What kind of failure it was, in the form of the other words of the answer.
    private static func reason(_ failure: any Error) -> String {
        let error = (failure as? EvidenceError)?.cause ?? failure
        let word = (error as? KubeError)?.code.description ?? "failed"
        return word.prefix(1).uppercased() + word.dropFirst()
    }
}
