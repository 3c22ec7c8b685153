// SPDX-License-Identifier: Apache-2.0
public import AetheriusAPI
public import Diagnosis
import JSON
import KubeAPI

extension DiagnosticTask.AgentReport {
    static var maximumFindings: Int { 50 }
    static var maximumEvidence: Int { 30 }
    static var maximumUnreadable: Int { 20 }

    /// Writes findings down within the bounds of the status: causes before symptoms, certain before uncertain.
    public init(_ findings: [Diagnosis.Finding], in snapshot: Snapshot) {
        self.init()
        let ordered = findings.enumerated()
            .sorted { left, right in
                let (first, second) = (left.element, right.element)
                if first.isCause != second.isCause { return first.isCause }
                if first.confidence != second.confidence { return first.confidence > second.confidence }
                return left.offset < right.offset
            }
            .map(\.element)
        var ids: [EvidenceItem: String] = [:]
        for (index, finding) in ordered.prefix(Self.maximumFindings).enumerated() {
            let references = finding.evidence.prefix(10).compactMap { record($0, &ids) }
            if references.count < finding.evidence.count { truncated = true }
            self.findings.append(DiagnosticTask.Finding(finding, id: "f\(index + 1)", evidence: references))
        }
        unreadable = snapshot.unreadable.prefix(Self.maximumUnreadable).map {
            DiagnosticTask.Unreadable(
                what: $0.what.bounded(toUTF8: 256),
                reason: $0.reason.bounded(toUTF8: 64),
                message: $0.message.bounded(toUTF8: 512)
            )
        }
        truncated =
            truncated || snapshot.isTruncated || findings.count > Self.maximumFindings
            || snapshot.unreadable.count > Self.maximumUnreadable
        gatheredAt = snapshot.takenAt.wholeSeconds
        fit()
    }

    /// The id of a piece of evidence, which is kept once however many findings rest on it; nil if there is no room.
    private mutating func record(_ item: EvidenceItem, _ ids: inout [EvidenceItem: String]) -> String? {
        if let id = ids[item] { return id }
        guard evidence.count < Self.maximumEvidence else { return nil }
        let id = "e\(evidence.count + 1)"
        ids[item] = id
        evidence.append(
            DiagnosticTask.Evidence(
                id: id,
                kind: DiagnosticTask.EvidenceKind(rawValue: item.kind.rawValue),
                text: item.text.bounded(toUTF8: 1024),
                source: item.source.bounded(toUTF8: 256),
                object: item.object
            )
        )
        return id
    }

    /// The findings as the ranking wants them, in the report's order.
    public var rankableFindings: [Diagnosis.Finding] {
        findings.map { finding in
            Diagnosis.Finding(
                causeClass: CauseClass(rawValue: finding.class),
                object: finding.object,
                owner: finding.owner ?? finding.object,
                container: finding.container,
                severity: finding.severity.flatMap { Diagnosis.Severity(rawValue: $0.rawValue) } ?? .medium,
                message: finding.message,
                confidence: finding.confidence ?? 0,
                isCause: finding.cause,
                evidence: []
            )
        }
    }
}

extension DiagnosticTask.Finding {
    init(_ finding: Diagnosis.Finding, id: String, evidence: [String]) {
        self.init(
            id: id,
            class: finding.causeClass.rawValue,
            object: finding.object,
            message: finding.message.bounded(toUTF8: 512)
        )
        severity = AetheriusAPI.Severity(rawValue: finding.severity.rawValue)
        owner = finding.owner == finding.object ? nil : finding.owner
        container = finding.container
        confidence = Confidence.rounded(finding.confidence)
        cause = finding.isCause
        self.evidence = evidence
    }
}

extension DiagnosticTask.AgentReport {
    /// How many bytes of JSON a report may have, so that the whole status stays within 64 KiB.
    static var maximumBytes: Int { 36 << 10 }

    /// Drops the least important findings, and the evidence that only they rest on, until the report is small enough.
    mutating func fit() {
        while JSON.encode(self).count > Self.maximumBytes, !findings.isEmpty {
            findings.removeLast()
            let referenced = Set(findings.flatMap(\.evidence))
            evidence.removeAll { !referenced.contains($0.id) }
            truncated = true
        }
    }
}
