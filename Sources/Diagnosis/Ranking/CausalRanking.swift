// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Turns findings into causes, best first.
///
/// Findings of one class about one container of one workload are one cause, however many replicas show it. A symptom
/// is explained by every cause in the same workload.
public enum CausalRanking {
    private struct Key: Hashable {
        var causeClass: CauseClass
        var owner: String
        var container: String?
    }

    /// Ranks findings.
    ///
    /// The order depends on the findings only, not on their order: confidence first, then how many objects a cause
    /// accounts for, then names.
    public static func rank(_ findings: [Finding]) -> [Cause] {
        var groups: [Key: [Int]] = [:]
        for (index, finding) in findings.enumerated() where finding.isCause {
            let key = Key(
                causeClass: finding.causeClass,
                owner: finding.owner.description,
                container: finding.container
            )
            groups[key, default: []].append(index)
        }
        let symptoms = symptoms(of: findings)
        let causes = groups.values.map { cause(of: $0, in: findings, symptoms) }
        return causes.filter { cause in !causes.contains { isSpecial($0, of: cause) } }.sorted(by: isBetter)
    }

    /// Whether a cause says why the same containers end, of which the other says only that they do, however eloquent
    /// their logs are.
    private static func isSpecial(_ special: Cause, of general: Cause) -> Bool {
        guard [.applicationCrash, .containerExitedEarly].contains(general.causeClass),
            special.causeClass != general.causeClass, special.container == general.container,
            special.object.description == general.object.description, special.confidence >= 0.7
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
        let best = members.max { left, right in
            (findings[left].confidence, findings[right].object.name)
                < (findings[right].confidence, findings[left].object.name)
        }
        let speaker = findings[best ?? members[0]]
        // A full quota is the namespace's fault; the symptoms are those of the workloads that suffer.
        let sufferers = Set([speaker.owner.description] + members.map { findings[$0].object.description })
        let symptoms = Set(sufferers.flatMap { symptomsByName[$0] ?? [] }).sorted()
        let rest = members.filter { $0 != best }
        return Cause(
            causeClass: speaker.causeClass,
            object: speaker.owner,
            container: speaker.container,
            message: speaker.message,
            confidence: rounded(speaker.confidence),
            severity: members.map { findings[$0].severity }.max() ?? speaker.severity,
            objects: ([speaker.object] + rest.map { findings[$0].object }.sorted { $0.name < $1.name }).uniqued(),
            findings: [best ?? members[0]] + rest + symptoms,
            explains: symptoms.map { findings[$0].object }
        )
    }

    private static func isBetter(_ left: Cause, _ right: Cause) -> Bool {
        if left.confidence != right.confidence { return left.confidence > right.confidence }
        if left.objects.count != right.objects.count { return left.objects.count > right.objects.count }
        return (left.object.description, left.causeClass.rawValue, left.container ?? "")
            < (right.object.description, right.causeClass.rawValue, right.container ?? "")
    }

    /// Confidences are told in hundredths: more digits would pretend to know more.
    static func rounded(_ confidence: Double) -> Double {
        (min(max(confidence, 0), 1) * 100).rounded() / 100
    }
}

extension [ObjectReference] {
    fileprivate func uniqued() -> [ObjectReference] {
        var seen: Set<ObjectReference> = []
        return filter { seen.insert($0).inserted }
    }
}
