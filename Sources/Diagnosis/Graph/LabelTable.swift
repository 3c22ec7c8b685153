// SPDX-License-Identifier: Apache-2.0

/// Finds labelled things by an equality selector without looking at all of them.
struct LabelTable {
    private struct Pair: Hashable {
        var namespace: String
        var name: String
        var value: String
    }

    private var members: [Pair: [Int]] = [:]
    private var labels: [[String: String]] = []

    /// Adds a thing, whose number is the count of those before.
    mutating func append(_ labels: [String: String], in namespace: String) {
        for (name, value) in labels {
            members[Pair(namespace: namespace, name: name, value: value), default: []].append(self.labels.count)
        }
        self.labels.append(labels)
    }

    /// The numbers of things whose labels contain all of a selector's; an empty one selects nothing, as a Service's.
    func matches(_ selector: [String: String], in namespace: String) -> [Int] {
        // The rarest label leaves the fewest to be compared.
        let lists = selector.map { members[Pair(namespace: namespace, name: $0.key, value: $0.value)] ?? [] }
        guard let shortest = lists.min(by: { $0.count < $1.count }) else { return [] }
        return shortest.filter { number in selector.allSatisfy { labels[number][$0.key] == $0.value } }
    }
}
