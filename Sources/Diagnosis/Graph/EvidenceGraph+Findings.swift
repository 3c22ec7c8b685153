// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension EvidenceGraph {
    /// Kinds that everything else stands on: they never fail because of a workload.
    private static let foundations: Set<String> = [
        "Namespace", "Node", "PersistentVolume", "StorageClass", "ResourceQuota", "LimitRange",
    ]

    private static let workloads = Set(["Pod", "CronJob"] + Workload.kinds.map(\.kind))

    /// The most objects from which the way to a cause is looked for.
    private static let maximumStarts = 5000

    /// Whether an object is a pod, or keeps some.
    func isWorkload(_ number: Int) -> Bool { Self.workloads.contains(objects[number].kind) }

    /// Which findings explain which others.
    ///
    /// Nothing is built where there is nothing to explain.
    public static func explanations(of findings: [Finding], in snapshot: Snapshot) -> [Explanation] {
        guard findings.count > 1, findings.contains(where: \.isCause) else { return [] }
        var graph = EvidenceGraph(snapshot)
        graph.add(findings)
        return graph.explanations(of: findings)
    }

    /// Adds what findings say beyond the objects' own fields.
    mutating func add(_ findings: [Finding]) {
        for finding in findings {
            let owner = add(finding.owner)
            let isFoundation = Self.foundations.contains(finding.owner.kind)
            // The fault of a namespace is seen on a workload: that one depends on it in a way no field tells.
            connect(add(finding.object), to: owner, isFoundation ? .named : .owner)
            for related in finding.related {
                let number = add(related)
                if isFoundation { connect(number, to: owner, .named) } else { connect(owner, to: number, .named) }
            }
            for origin in finding.origins { connect(owner, to: add(origin), .named) }
        }
    }

    /// Which findings explain which others: a cause those of objects that depend on its own.
    func explanations(of findings: [Finding]) -> [Explanation] {
        var causes: [Int: [Int]] = [:]
        var troubled: Set<Int> = []
        for (index, finding) in findings.enumerated() {
            for number in Set([finding.owner, finding.object].compactMap { number(of: $0) }) {
                troubled.insert(number)
                if finding.isCause, finding.confidence >= Conclusion.namingThreshold {
                    causes[number, default: []].append(index)
                }
            }
        }
        let walk = DependencyWalk(self, to: Set(causes.keys), past: troubled)
        var explanations: [Explanation] = []
        var arrivals: [Int: [DependencyWalk.Arrival]] = [:]
        for (index, finding) in findings.enumerated() {
            guard let start = number(of: finding.object), arrivals.count < Self.maximumStarts else { continue }
            let found = arrivals[start] ?? walk.arrivals(from: start)
            arrivals[start] = found
            var seen: Set<Int> = []
            for arrival in found {
                for cause in causes[arrival.object] ?? []
                where explains(findings[cause], finding, arrival.path) && seen.insert(cause).inserted {
                    explanations.append(Explanation(cause: cause, effect: index, path: sentence(arrival.path)))
                }
            }
        }
        return explanations
    }

    /// Whether a cause that a way leads to can be why a finding is what it is.
    private func explains(_ cause: Finding, _ effect: Finding, _ path: [Edge]) -> Bool {
        // Those of one workload are put together by the ranking.
        guard ObjectKey(cause.owner) != ObjectKey(effect.owner) else { return false }
        // What makes a node's network ready does not need it.
        guard !cause.origins.contains(where: { ObjectKey($0) == ObjectKey(effect.owner) }) else { return false }
        // Whether traffic gets through is seen where it ends; what else a caller suffers from is its own.
        guard effect.isCause else { return true }
        // What is seen on the very pod, and is somebody else's fault, is what its program complains about.
        if ObjectKey(cause.object) == ObjectKey(effect.object), effect.blamesAnotherProgram { return true }
        guard let first = path.first(where: { $0.relation != .owner }) else { return false }
        let origins = Set(effect.origins.map { ObjectKey($0) })
        if path.contains(where: { origins.contains(ObjectKey(objects[$0.target])) }) { return true }
        let named = Set(effect.related.map { ObjectKey($0) })
        if named.contains(ObjectKey(objects[first.target])) { return true }
        switch first.relation {
        case .traffic: return effect.blamesAnotherProgram
        case .placement: return effect.isGeneral && cause.severity >= .high
        default: return false
        }
    }

    private func sentence(_ path: [Edge]) -> String {
        path.map { "\($0.relation.phrase) \(objects[$0.target].description)" }.joined(separator: ", which ")
    }
}

extension Finding {
    /// Whether it says only that a process ends or waits, and not what is wrong with it.
    var isGeneral: Bool { causeClass.isGeneral }

    /// Whether a process ends or waits for want of an answer: it says so, or says nothing at all.
    ///
    /// A process that gives another reason, such as an option that it does not know, would fail however well the
    /// programs do that it talks to.
    var blamesAnotherProgram: Bool {
        guard isGeneral else { return false }
        let words = evidence.filter { $0.kind == .log }.map(\.text)
        guard !words.isEmpty else { return true }
        return words.contains { text in
            let lowered = text.lowercased()
            return Self.signsOfNoAnswer.contains { lowered.contains($0) }
        }
    }

    private static let signsOfNoAnswer = [
        "connect", "refused", "timeout", "timed out", "unreachable", "no reachable", "no such host", "unknown host",
        "resolve",
        "unavailable", "dial ", "getaddrinfo", "name or service not known", "broken pipe", "no route", "deadline",
        "waiting for", "retry",
    ]
}
