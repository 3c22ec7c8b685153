// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Diagnosis
import JSON
import KubeAPI

/// The form for programs. `docs/diagnose.md` describes it and promises what stays; change both together.
extension Answer: JSONEncodable {
    /// Goes up when a field goes or changes its meaning, not when one is added.
    static let schemaVersion = 1

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("schemaVersion", Self.schemaVersion)
            nullable("subject", subject.map(Reference.init), &writer)
            nullable("namespace", namespace, &writer)
            nullable("gatheredAt", report.gatheredAt, &writer)
            writer.field("terminationReason", conclusion.terminationReason.rawValue)
            writer.field("summary", conclusion.summary)
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
            writer.field("recommendations", conclusion.recommendations.map(Advice.init))
            writer.field("hygiene", hygiene.map(Remark.init))
        }
    }

    private func encode(_ cause: Cause, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("class", cause.causeClass.rawValue)
            writer.field("severity", cause.severity.rawValue)
            writer.field("object", Reference(cause.object))
            writer.field("container", cause.container)
            writer.field("message", cause.message)
            writer.field("confidence", cause.confidence)
            writer.field("objects", cause.objects.map(Reference.init))
            writer.field("related", cause.related.map(Reference.init))
            writer.field("explains", cause.explains.map(Reference.init))
            writer.field("follows", cause.follows)
            nullable("path", cause.path, &writer)
            nullable("precedence", cause.precedence, &writer)
            writer.field("findings", cause.findings.map { report.findings[$0].id })
            writer.field("evidence", evidence(for: cause).map(\.id))
            writer.field("recommendations", Analyzers.recommendations(for: cause).map(Advice.init))
        }
    }

    /// A program that looks for a field of the answer finds it, so what is not known is null.
    private func nullable<Value: JSONEncodable>(
        _ name: StaticString,
        _ value: Value?,
        _ writer: inout JSONWriter
    ) {
        writer.key("\(name)")
        if let value { value.encode(to: &writer) } else { writer.null() }
    }
}

/// Names an object, without what differs from one look to the next.
private struct Reference: JSONEncodable {
    let object: ObjectReference

    init(_ object: ObjectReference) { self.object = object }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", object.apiVersion)
            writer.field("kind", object.kind)
            writer.field("namespace", object.namespace.isEmpty ? nil : object.namespace)
            writer.field("name", object.name)
        }
    }
}

private struct Advice: JSONEncodable {
    let recommendation: Recommendation

    init(_ recommendation: Recommendation) { self.recommendation = recommendation }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("title", recommendation.title)
            writer.field("description", recommendation.description)
            writer.field("command", recommendation.command)
            writer.field("risk", recommendation.risk.rawValue)
        }
    }
}

private struct Remark: JSONEncodable {
    let finding: Finding

    init(_ finding: Finding) { self.finding = finding }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("class", finding.causeClass.rawValue)
            writer.field("object", Reference(finding.object))
            writer.field("message", finding.message)
        }
    }
}
