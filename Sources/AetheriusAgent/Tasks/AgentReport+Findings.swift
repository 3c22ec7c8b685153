// SPDX-License-Identifier: Apache-2.0
public import AetheriusAPI
public import Diagnosis
import JSON
import KubeAPI

extension DiagnosticTask.AgentReport {
    /// How much a report may hold.
    public struct Bounds: Sendable, Hashable {
        /// Findings.
        public var findings: Int
        /// Pieces of evidence.
        public var evidence: Int
        /// Things that could not be looked at.
        public var unreadable: Int
        /// Bytes of JSON.
        public var bytes: Int

        /// What fits into a task's status beside the rest of it: 64 KiB for the whole.
        public static let status = Bounds(findings: 50, evidence: 30, unreadable: 20, bytes: 36 << 10)
        /// What is still read by a program or a person who has asked about a whole cluster.
        public static let document = Bounds(findings: 2000, evidence: 2000, unreadable: 100, bytes: 8 << 20)
    }

    /// Writes down what was found: causes before symptoms, certain before uncertain, one of each kind before its
    /// replicas.
    public init(_ assessment: Assessment, in snapshot: Snapshot, bounds: Bounds = .status) {
        self.init()
        let order = Self.order(assessment.findings)
        var ids: [EvidenceItem: String] = [:]
        var names: [Int: String] = [:]
        for (index, number) in order.prefix(bounds.findings).enumerated() {
            let finding = assessment.findings[number]
            let references = finding.evidence.prefix(10).compactMap { record($0, &ids, bounds.evidence) }
            if references.count < finding.evidence.count { truncated = true }
            names[number] = "f\(index + 1)"
            findings.append(DiagnosticTask.Finding(finding, id: "f\(index + 1)", evidence: references))
        }
        add(assessment.explanations, names)
        unreadable = snapshot.unreadable.prefix(bounds.unreadable).map {
            DiagnosticTask.Unreadable(
                what: $0.what.bounded(toUTF8: 256),
                reason: $0.reason.bounded(toUTF8: 64),
                message: $0.message.bounded(toUTF8: 512)
            )
        }
        truncated =
            truncated || snapshot.isTruncated || assessment.findings.count > bounds.findings
            || snapshot.unreadable.count > bounds.unreadable
        gatheredAt = snapshot.takenAt.wholeSeconds
        fit(bounds.bytes)
    }

    /// The numbers of the findings, the most important first.
    private static func order(_ findings: [Diagnosis.Finding]) -> [Int] {
        struct Kind: Hashable {
            var causeClass: CauseClass
            var owner: String
            var container: String?
        }
        let sorted = findings.indices.sorted { left, right in
            let (first, second) = (findings[left], findings[right])
            if first.isCause != second.isCause { return first.isCause }
            if first.confidence != second.confidence { return first.confidence > second.confidence }
            return left < right
        }
        var seen: Set<Kind> = []
        let isFirst = sorted.map { number in
            let finding = findings[number]
            return finding.isCause
                && seen.insert(
                    Kind(
                        causeClass: finding.causeClass,
                        owner: finding.owner.description,
                        container: finding.container
                    )
                ).inserted
        }
        return zip(sorted, isFirst).filter(\.1).map(\.0) + zip(sorted, isFirst).filter { !$0.1 }.map(\.0)
    }

    private mutating func add(_ explanations: [Explanation], _ names: [Int: String]) {
        let positions = Dictionary(uniqueKeysWithValues: findings.enumerated().map { ($0.element.id, $0.offset) })
        for explanation in explanations {
            guard let cause = names[explanation.cause], let effect = names[explanation.effect],
                let position = positions[effect]
            else { continue }
            guard findings[position].explainedBy.count < DiagnosticTask.Finding.maximumExplanations else { continue }
            findings[position].explainedBy.append(
                DiagnosticTask.Explanation(finding: cause, path: explanation.path.bounded(toUTF8: 512))
            )
        }
    }

    /// The id of a piece of evidence, which is kept once however many findings rest on it; nil if there is no room.
    private mutating func record(
        _ item: EvidenceItem,
        _ ids: inout [EvidenceItem: String],
        _ maximum: Int
    )
        -> String?
    {
        if let id = ids[item] { return id }
        guard evidence.count < maximum else { return nil }
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
    public var assessment: Assessment {
        let numbers = Dictionary(
            findings.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        let explanations = findings.enumerated().flatMap { effect, finding in
            finding.explainedBy.compactMap { explanation in
                numbers[explanation.finding].map {
                    Explanation(cause: $0, effect: effect, path: explanation.path ?? "")
                }
            }
        }
        return Assessment(findings: findings.map(Diagnosis.Finding.init), explanations: explanations)
    }
}

extension Diagnosis.Finding {
    fileprivate init(_ finding: DiagnosticTask.Finding) {
        self.init(
            causeClass: CauseClass(rawValue: finding.class),
            object: finding.object,
            owner: finding.owner ?? finding.object,
            container: finding.container,
            severity: finding.severity.flatMap { Diagnosis.Severity(rawValue: $0.rawValue) } ?? .medium,
            message: finding.message,
            confidence: finding.confidence ?? 0,
            isCause: finding.cause,
            evidence: [],
            related: finding.related
        )
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
        related = Array(finding.related.prefix(Self.maximumRelated))
    }
}

extension DiagnosticTask.AgentReport {
    /// Drops the least important findings, and the evidence that only they rest on, until the report is small enough.
    mutating func fit(_ maximumBytes: Int) {
        while JSON.encode(self).count > maximumBytes, !findings.isEmpty {
            // A report that is far too big loses many at once: writing it is what takes the time.
            findings.removeLast(max(1, findings.count / 20))
            let ids = Set(findings.map(\.id))
            for index in findings.indices { findings[index].explainedBy.removeAll { !ids.contains($0.finding) } }
            let referenced = Set(findings.flatMap(\.evidence))
            evidence.removeAll { !referenced.contains($0.id) }
            truncated = true
        }
    }
}
