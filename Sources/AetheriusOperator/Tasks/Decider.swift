// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import Diagnosis
import JSON
import KubeAPI

/// Turns what an agent found into the task's answer.
enum Decider {
    struct Answer {
        var diagnosis: DiagnosticTask.Diagnosis
        var recommendations: [DiagnosticTask.Recommendation]
        /// The word for the conditions: whether there is a cause, and if not, why.
        var reason: String
    }

    /// Ranks the findings of a report and words the answer.
    /// - Parameters:
    ///   - spec: what the task asks for.
    ///   - namespace: the namespace that was looked at; nil for all of them.
    ///   - report: what the agent found.
    ///   - duration: how long the task has taken so far.
    static func decide(
        _ spec: DiagnosticTask.Spec,
        in namespace: String? = nil,
        _ report: DiagnosticTask.AgentReport,
        duration: Duration
    ) -> Answer {
        let assessment = report.assessment
        let conclusion = Conclusion(
            subject: spec.target.flatMap { $0.name.isEmpty ? nil : $0 },
            namespace: namespace,
            findings: assessment.findings,
            explanations: assessment.explanations,
            unreadable: report.unreadable.map {
                Diagnosis.Unreadable(what: $0.what, reason: $0.reason, message: $0.message ?? "")
            }
        )
        var diagnosis = DiagnosticTask.Diagnosis()
        diagnosis.summary = conclusion.summary.bounded(toUTF8: 2000)
        diagnosis.rootCause = conclusion.rootCause.map { rootCause($0, report) }
        diagnosis.candidates = conclusion.candidates.map(candidate)
        diagnosis.strategy = .rules
        diagnosis.durationMilliseconds = Int64(duration / .milliseconds(1))
        diagnosis.terminationReason = ([conclusion.terminationReason.rawValue] + unsupported(spec))
            .joined(separator: "; ")
        fit(&diagnosis)
        let reason = conclusion.rootCause == nil ? conclusion.terminationReason.rawValue : "RootCauseFound"
        guard spec.remediation != .nothing else {
            return Answer(diagnosis: diagnosis, recommendations: [], reason: reason)
        }
        return Answer(
            diagnosis: diagnosis,
            recommendations: conclusion.recommendations.prefix(10).map(recommendation),
            reason: reason
        )
    }

    /// How many bytes of JSON a diagnosis may have, so that with the agent's report the status stays within 64 KiB.
    private static let maximumBytes = 16 << 10

    /// Drops what matters least until the diagnosis is small enough: what the last candidates explain, then those.
    private static func fit(_ diagnosis: inout DiagnosticTask.Diagnosis) {
        while JSON.encode(diagnosis).count > maximumBytes {
            if let index = diagnosis.candidates.lastIndex(where: { !$0.explains.isEmpty }) {
                diagnosis.candidates[index].explains = []
            } else if diagnosis.candidates.count > 1 {
                diagnosis.candidates.removeLast()
            } else {
                return
            }
        }
    }

    /// What the task asks for and this version does not do.
    private static func unsupported(_ spec: DiagnosticTask.Spec) -> [String] {
        var notes: [String] = []
        if spec.strategy == .llm || spec.strategy == .knowledge {
            notes.append("strategy \(spec.strategy) is not supported yet, Rules was used")
        }
        if spec.remediation == .plan {
            notes.append("remediation Plan is not supported yet, see the recommendations")
        }
        return notes
    }

    private static func rootCause(
        _ cause: Cause,
        _ report: DiagnosticTask.AgentReport
    ) -> DiagnosticTask.RootCause {
        var seen: Set<String> = []
        let evidence = cause.findings.flatMap { report.findings[$0].evidence }.filter { seen.insert($0).inserted }
        // What it is about says more than one more replica that shows it.
        var names: Set = [cause.object.description]
        let related = (cause.related + cause.objects).filter { names.insert($0.description).inserted }
        return DiagnosticTask.RootCause(
            class: cause.causeClass.rawValue,
            objectRef: cause.object,
            confidence: cause.confidence,
            message: cause.message.bounded(toUTF8: 1024),
            related: Array(related.prefix(10)),
            evidence: Array(evidence.prefix(30))
        )
    }

    private static func candidate(_ cause: Cause) -> DiagnosticTask.Candidate {
        var candidate = DiagnosticTask.Candidate(
            class: cause.causeClass.rawValue,
            objectRef: cause.object,
            confidence: cause.confidence,
            message: cause.message.bounded(toUTF8: 512),
            explains: (cause.objects + cause.explains).map(\.description).reduce(into: [String]()) { names, name in
                if names.count < 20, !names.contains(name) { names.append(name) }
            }
        )
        candidate.follows = cause.path?.bounded(toUTF8: 1024)
        candidate.precedence = cause.precedence?.bounded(toUTF8: 512)
        return candidate
    }

    private static func recommendation(_ advice: Diagnosis.Recommendation) -> DiagnosticTask.Recommendation {
        DiagnosticTask.Recommendation(
            title: advice.title.bounded(toUTF8: 200),
            details: advice.description.bounded(toUTF8: 1024),
            command: advice.command?.bounded(toUTF8: 512),
            risk: DiagnosticTask.Risk(rawValue: advice.risk.rawValue)
        )
    }
}
