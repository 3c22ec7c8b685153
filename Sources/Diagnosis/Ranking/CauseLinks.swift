// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Which causes follow from which others, and what else each of them explains.
struct CauseLinks {
    /// What follows from a cause.
    struct Consequences {
        /// Symptoms of workloads that have no other cause, as indexes of findings.
        var symptoms: [Int] = []
        /// Other causes, whether they follow from it directly or not; their symptoms are its own too.
        var causes: [Int] = []
    }

    private struct Link: Hashable {
        var origin: Int
        var consequence: Int
    }

    private var paths: [Link: String] = [:]
    private var origins: [[Int]]
    private var targets: [[Int]]
    /// The symptoms that follow from a cause by the graph.
    private var symptoms: [[Int]]
    /// The causes of the workload that shows a symptom.
    private var localCauses: [Int: Set<Int>] = [:]

    init(_ groups: CauseGroups, _ assessment: Assessment) {
        origins = Array(repeating: [], count: groups.causes.count)
        targets = origins
        symptoms = origins
        var explained: [Link: Set<Int>] = [:]
        for explanation in assessment.explanations {
            guard let origin = groups.causeOfFinding[explanation.cause] else { continue }
            guard let consequence = groups.causeOfFinding[explanation.effect] else {
                symptoms[origin].append(explanation.effect)
                continue
            }
            guard origin != consequence else { continue }
            let link = Link(origin: origin, consequence: consequence)
            explained[link, default: []].insert(explanation.effect)
            if paths[link] == nil, !explanation.path.isEmpty {
                paths[link] = "\(assessment.findings[explanation.effect].object) \(explanation.path)"
            }
        }
        // What one node does to one replica is not why all of them fail.
        for (link, effects) in explained where effects.isSuperset(of: groups.members[link.consequence]) {
            origins[link.consequence].append(link.origin)
            targets[link.origin].append(link.consequence)
        }
        for number in origins.indices {
            origins[number].sort()
            targets[number].sort()
            for finding in groups.causes[number].findings where groups.causeOfFinding[finding] == nil {
                localCauses[finding, default: []].insert(number)
            }
        }
    }

    /// The causes that one follows from directly.
    func origins(of number: Int) -> [Int] { origins[number] }

    /// How a cause follows from another one.
    func path(from origin: Int, to consequence: Int) -> String? {
        paths[Link(origin: origin, consequence: consequence)]
    }

    /// Two programs that call each other cannot each be why the other fails: the better explanation stays.
    mutating func removeCircles(_ isBetter: (Int, Int) -> Bool) {
        let all = targets
        origins = Array(repeating: [], count: all.count)
        targets = origins
        for origin in all.indices.sorted(by: isBetter) {
            for consequence in all[origin] where !reachable(from: consequence).contains(origin) {
                targets[origin].append(consequence)
                origins[consequence].append(origin)
            }
        }
        for number in origins.indices { origins[number].sort() }
    }

    /// What follows from a cause, directly or not.
    ///
    /// A symptom that its own workload explains is left to that explanation, unless that follows from the cause too.
    func consequences(of number: Int) -> Consequences {
        let causes = reachable(from: number)
        let open = symptoms[number].filter { (localCauses[$0] ?? []).subtracting([number]).isSubset(of: causes) }
        return Consequences(symptoms: open.uniqued().sorted(), causes: causes.sorted())
    }

    private func reachable(from number: Int) -> Set<Int> {
        var seen: Set<Int> = []
        var open = targets[number]
        while let next = open.popLast() {
            guard seen.insert(next).inserted else { continue }
            open += targets[next]
        }
        return seen
    }
}
