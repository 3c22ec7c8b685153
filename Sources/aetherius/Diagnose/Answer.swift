// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Diagnosis
import JSON
import KubeAPI

/// What `aetherius diagnose` tells.
struct Answer: JSONEncodable {
    let report: DiagnosticTask.AgentReport
    let conclusion: Conclusion

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("summary", conclusion.summary)
            writer.field("terminationReason", conclusion.terminationReason.rawValue)
            writer.key("rootCause")
            if let cause = conclusion.rootCause { encode(cause, to: &writer) } else { writer.null() }
            writer.key("candidates")
            writer.array { writer in
                for cause in conclusion.candidates { encode(cause, to: &writer) }
            }
            writer.field("findings", report.findings)
            writer.field("evidence", report.evidence)
            writer.field("unreadable", report.unreadable)
            writer.field("truncated", report.truncated)
            writer.key("recommendations")
            writer.array { writer in
                for recommendation in conclusion.recommendations {
                    writer.object { writer in
                        writer.field("title", recommendation.title)
                        writer.field("description", recommendation.description)
                        writer.field("command", recommendation.command)
                        writer.field("risk", recommendation.risk.rawValue)
                    }
                }
            }
        }
    }

    private func encode(_ cause: Cause, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("class", cause.causeClass.rawValue)
            writer.field("object", cause.object)
            writer.field("container", cause.container)
            writer.field("message", cause.message)
            writer.field("confidence", cause.confidence)
            writer.field("objects", cause.objects.map(\.description))
            writer.field("evidence", evidence(for: cause).map(\.id))
        }
    }

    /// The evidence that a cause rests on, each piece once.
    func evidence(for cause: Cause) -> [DiagnosticTask.Evidence] {
        let ids = Set(cause.findings.flatMap { report.findings[$0].evidence })
        return report.evidence.filter { ids.contains($0.id) }
    }
}
