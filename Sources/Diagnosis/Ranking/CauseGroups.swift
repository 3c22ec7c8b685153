// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Findings put together to causes: those of one class about one container of one workload.
struct CauseGroups {
    private struct Key: Hashable {
        var causeClass: CauseClass
        var owner: ObjectKey
        var container: String?
    }

    /// The causes, in the order of their names.
    private(set) var causes: [Cause] = []
    /// The findings that each of them rests on, as indexes.
    private(set) var members: [[Int]] = []
    /// The cause that each finding belongs to; those of a general cause belong to the special one that explains it.
    private(set) var causeOfFinding: [Int: Int] = [:]

    init(_ assessment: Assessment) {
        let findings = assessment.findings
        var groups: [Key: [Int]] = [:]
        for (index, finding) in findings.enumerated() where finding.isCause {
            let key = Key(
                causeClass: finding.causeClass,
                owner: ObjectKey(finding.owner),
                container: finding.container
            )
            groups[key, default: []].append(index)
        }
        let symptoms = Self.symptoms(of: findings)
        let made = groups.values.map { (cause: Self.cause(of: $0, in: findings, symptoms), members: $0) }
            .sorted { Self.name($0.cause) < Self.name($1.cause) }
        // Causes of one workload lie beside each other; only those can be special and general to each other.
        var byOwner: [String: [Int]] = [:]
        for (index, entry) in made.enumerated() { byOwner[entry.cause.object.description, default: []].append(index) }
        var special: [Int: Int] = [:]
        for neighbours in byOwner.values {
            for general in neighbours where made[general].cause.isGeneral {
                let better = neighbours.filter { Self.isSpecial(made[$0].cause, of: made[general].cause) }
                special[general] = better.max { made[$0].cause.confidence < made[$1].cause.confidence }
            }
        }
        var numbers: [Int: Int] = [:]
        for (index, entry) in made.enumerated() where special[index] == nil {
            numbers[index] = causes.count
            causes.append(entry.cause)
            members.append(entry.members)
        }
        for (index, entry) in made.enumerated() {
            guard let number = numbers[special[index] ?? index] else { continue }
            for member in entry.members { causeOfFinding[member] = number }
            if special[index] != nil {
                causes[number].findings = (causes[number].findings + entry.cause.findings).uniqued()
            }
        }
    }

    private static func name(_ cause: Cause) -> String {
        "\(cause.object.description) \(cause.causeClass) \(cause.container ?? "")"
    }

    /// Whether a cause says why the same containers end, of which the other says only that they do, however eloquent
    /// their logs are.
    private static func isSpecial(_ special: Cause, of general: Cause) -> Bool {
        guard general.isGeneral, !special.isGeneral, special.container == general.container,
            special.confidence >= 0.7
        else { return false }
        return Set(general.objects).isSubset(of: special.objects)
    }

    /// The symptoms by the objects that they tell of, and the owners of these.
    private static func symptoms(of findings: [Finding]) -> [String: [Int]] {
        var symptoms: [String: [Int]] = [:]
        for (index, finding) in findings.enumerated() where !finding.isCause {
            for name in Set([finding.owner.description, finding.object.description]) {
                symptoms[name, default: []].append(index)
            }
        }
        return symptoms
    }

    private static func cause(
        of members: [Int],
        in findings: [Finding],
        _ symptomsByName: [String: [Int]]
    ) -> Cause {
        // The most certain one speaks for all: one replica may still have a log that another has lost.
        let best =
            members.max { left, right in
                (findings[left].confidence, findings[right].object.name)
                    < (findings[right].confidence, findings[left].object.name)
            } ?? members[0]
        let speaker = findings[best]
        // A full quota is the namespace's fault; the symptoms are those of the workloads that suffer.
        let sufferers = Set([speaker.owner.description] + members.map { findings[$0].object.description })
        let symptoms = Set(sufferers.flatMap { symptomsByName[$0] ?? [] }).sorted()
        let rest = members.filter { $0 != best }
        return Cause(
            causeClass: speaker.causeClass,
            object: speaker.owner,
            container: speaker.container,
            message: speaker.message,
            confidence: CausalRanking.rounded(speaker.confidence),
            severity: members.map { findings[$0].severity }.max() ?? speaker.severity,
            objects: ([speaker.object] + rest.map { findings[$0].object }.sorted { $0.name < $1.name }).uniqued(),
            related: Array(([best] + rest).flatMap { findings[$0].related }.uniqued().prefix(Cause.maximumRelated)),
            findings: [best] + rest + symptoms,
            explains: symptoms.map { findings[$0].object }
        )
    }
}
