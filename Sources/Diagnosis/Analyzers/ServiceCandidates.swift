// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// The workloads of a namespace among which one may be the one that a Service is meant for.
struct ServiceCandidates {
    struct Candidate {
        var reference: ObjectReference
        var labels: [String: String]
        /// How well it fits; from 0.5 on it is the one.
        var score = 0.0
        var isSubject: Bool
        fileprivate var containers: [Container]
        fileprivate var isReady: Bool

        /// The labels that stand where the Service's selector asks for others.
        func differenceText(from service: Service) -> String {
            let wrong = service.selector.filter { labels[$0.key] != $0.value }
            let texts = wrong.sorted { $0.key < $1.key }.map { pair in
                if let value = labels[pair.key] { return "\(pair.key)=\(value)" }
                let twin = labels.sorted { $0.key < $1.key }.first { Similarity.isNear($0.value, pair.value) }
                return twin.map { "\($0.key)=\($0.value)" } ?? "no label \(pair.key)"
            }
            return texts.joined(separator: ",")
        }
    }

    /// The Services of the namespace.
    let services: [Service]
    private let candidates: [Candidate]

    init(_ namespace: String, _ backends: ServiceBackends, _ snapshot: Snapshot) {
        services = snapshot.services.items(in: namespace)
        let kinds: Set<String> = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]
        candidates = backends.workloads(in: namespace).filter { kinds.contains($0.kind) }.map { workload in
            Candidate(
                reference: workload.reference,
                labels: workload.templateLabels,
                isSubject: snapshot.isSubject(workload),
                containers: workload.template.containers,
                isReady: workload.readyReplicas > 0
            )
        }
    }

    /// The workload that fits best, the first in the order of names of equals.
    func best(for service: Service) -> Candidate? {
        var best: Candidate?
        for var candidate in candidates.sorted(by: { $0.reference.name < $1.reference.name }) {
            candidate.score = score(candidate, service)
            if candidate.score > best?.score ?? 0 { best = candidate }
        }
        return best
    }

    private func score(_ candidate: Candidate, _ service: Service) -> Double {
        let name = Similarity.ofNames(service.metadata.name, candidate.reference.name)
        let labels = labelScore(candidate, service)
        guard name > 0 || labels > 0 else { return 0 }
        var score = name + labels + portScore(candidate, service) - (candidate.isReady ? 0 : 0.1)
        // Variants such as a canary wait for pods of their own, while the main Service has the others.
        if services.contains(where: { $0.metadata.name != service.metadata.name && $0.selects(candidate.labels) }) {
            score -= service.metadata.name == candidate.reference.name ? 0.15 : 0.4
        }
        return score
    }

    private func labelScore(_ candidate: Candidate, _ service: Service) -> Double {
        let wrong = service.selector.filter { candidate.labels[$0.key] != $0.value }
        let near = wrong.filter { pair in
            if let value = candidate.labels[pair.key] { return Similarity.isNear(value, pair.value) }
            return candidate.labels.contains { $0.value == pair.value }
        }
        let hasMatch = wrong.count < service.selector.count
        return (near.count == wrong.count ? 0.35 : 0) + (hasMatch ? 0.15 : 0)
    }

    private func portScore(_ candidate: Candidate, _ service: Service) -> Double {
        let declared = candidate.containers.flatMap(\.ports)
        guard !declared.isEmpty, !service.ports.isEmpty else { return 0 }
        let fits = service.ports.allSatisfy { port in
            switch port.targetPort {
            case .string(let name): declared.contains { $0.name == name }
            case .int(let number): declared.contains { $0.number == number }
            case nil: declared.contains { $0.number == port.port }
            }
        }
        return fits ? 0.15 : -0.2
    }
}

/// How alike two names are that people and programs have written.
enum Similarity {
    private static let decorations: Set<Substring> = [
        "service", "svc", "headless", "external", "internal", "lb", "loadbalancer", "nodeport", "clusterip",
        "deployment",
        "deploy", "statefulset", "daemonset",
    ]

    /// How far the names of a Service and of a workload tell that they belong together, from 0 to 0.6.
    static func ofNames(_ left: String, _ right: String) -> Double {
        if left == right { return 0.6 }
        let (leftStem, rightStem) = (stem(left), stem(right))
        if !leftStem.isEmpty, leftStem == rightStem { return 0.5 }
        let isPrefix = left.hasPrefix(right + "-") || right.hasPrefix(left + "-")
        return isPrefix ? 0.25 : 0
    }

    /// Whether two values differ as a slip of the pen or a convention makes them differ.
    static func isNear(_ left: String, _ right: String) -> Bool {
        guard left != right else { return true }
        guard left.utf8.count <= 63, right.utf8.count <= 63, !left.isEmpty, !right.isEmpty else { return false }
        let (a, b) = (stem(left), stem(right))
        if !a.isEmpty, a == b { return true }
        let (long, short) = a.utf8.count > b.utf8.count ? (a, b) : (b, a)
        // A word that somebody has added in front or behind.
        if short.utf8.count >= 3, long.hasPrefix(short) || long.hasSuffix(short) { return true }
        // Numbers tell siblings and versions apart: they are no slips.
        guard short.utf8.count >= 4, a.filter(\.isLetter) != b.filter(\.isLetter) else { return false }
        return distance(Array(a.utf8), Array(b.utf8)) <= (short.utf8.count >= 8 ? 2 : 1)
    }

    /// A name in small letters and without what only tells the kind of object.
    private static func stem(_ name: String) -> String {
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
        let kept = words.filter { !decorations.contains($0) }
        return (kept.isEmpty ? words : kept).joined()
    }

    /// How many letters have to be put in, taken out or replaced.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
