// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Turns findings into causes, best first.
///
/// Findings of one class about one container of one workload are one cause, however many replicas show it. A symptom
/// is explained by every cause in the same workload; beyond that, the explanations of the evidence graph count. A
/// cause that explains another one stands before it, however certain that one is.
public enum CausalRanking {
    /// Ranks findings.
    ///
    /// The order depends on the findings only, not on their order. Causes that follow from another one come after those
    /// that do not. Among the rest: confidence first, then how much a cause explains, then how many objects show it,
    /// then names.
    public static func rank(_ assessment: Assessment) -> [Cause] {
        let groups = CauseGroups(assessment)
        var links = CauseLinks(groups, assessment)
        links.removeCircles { isBetter(groups.causes[$0], groups.causes[$1]) }
        var causes = groups.causes
        for number in causes.indices { add(links.consequences(of: number), to: &causes[number], groups, assessment) }
        let order = causes.indices.sorted { left, right in
            let (first, second) = (rank(of: left, causes, links), rank(of: right, causes, links))
            return first != second ? first < second : isBetter(causes[left], causes[right])
        }
        var positions: [Int: Int] = [:]
        for (position, number) in order.enumerated() { positions[number] = position }
        var ranked = order.map { number in
            var cause = causes[number]
            cause.follows = links.origins(of: number).compactMap { positions[$0] }.sorted()
            cause.path = cause.follows.first.flatMap { links.path(from: order[$0], to: number) }
            return cause
        }
        for position in ranked.indices.dropLast() {
            ranked[position].precedence = Precedence(ranked, position).reason
        }
        return ranked
    }

    /// Ranks findings of which nothing is known but themselves.
    public static func rank(_ findings: [Finding]) -> [Cause] { rank(Assessment(findings: findings)) }

    /// What stands on its own comes first, then what follows from something, then what is too thin, or too harmless, to be named.
    private static func rank(of number: Int, _ causes: [Cause], _ links: CauseLinks) -> Int {
        if !links.origins(of: number).isEmpty { return 1 }
        return causes[number].canBeNamed ? 0 : 2
    }

    /// Adds what follows from a cause to what it explains.
    private static func add(
        _ consequences: CauseLinks.Consequences,
        to cause: inout Cause,
        _ groups: CauseGroups,
        _ assessment: Assessment
    ) {
        let known = Set(cause.findings)
        let others = consequences.causes.flatMap { groups.causes[$0].findings }
        let added = (consequences.symptoms + others).uniqued().filter { !known.contains($0) }.sorted()
        cause.findings += added
        let objects = added.map { number -> ObjectReference in
            let finding = assessment.findings[number]
            return finding.isCause ? finding.owner : finding.object
        }
        cause.explains = (cause.explains + objects).uniqued()
    }

    private static func isBetter(_ left: Cause, _ right: Cause) -> Bool {
        if left.confidence != right.confidence { return left.confidence > right.confidence }
        if left.isGeneral != right.isGeneral { return right.isGeneral }
        if left.explains.count != right.explains.count { return left.explains.count > right.explains.count }
        if left.objects.count != right.objects.count { return left.objects.count > right.objects.count }
        return (left.object.description, left.causeClass.rawValue, left.container ?? "")
            < (right.object.description, right.causeClass.rawValue, right.container ?? "")
    }

    /// Confidences are told in hundredths: more digits would pretend to know more.
    static func rounded(_ confidence: Double) -> Double {
        (min(max(confidence, 0), 1) * 100).rounded() / 100
    }
}

extension Cause {
    /// Whether it says only that a process ends or waits, and not what is wrong with it.
    var isGeneral: Bool { causeClass.isGeneral }

    /// Whether it may be the answer: it is likely enough, and something fails because of it.
    var canBeNamed: Bool { confidence >= Conclusion.namingThreshold && severity > .low }
}

extension Sequence where Element: Hashable {
    /// The elements, each once, where it stands first.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
