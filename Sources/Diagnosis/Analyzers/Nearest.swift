// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Finds what somebody may have meant.
enum Nearest {
    /// The longest text that is compared: the API allows no longer label values.
    private static let maximumLength = 63

    /// The candidate that differs from a text by one or two letters; nil if there is none.
    static func of(_ text: String, among candidates: Set<String>) -> String? {
        let most = text.count > 4 ? 2 : 1
        return candidates.sorted().map { ($0, distance(text, $0)) }.filter { $0.1 > 0 && $0.1 <= most }
            .min { $0.1 < $1.1 }?.0
    }

    /// A label of the same value whose name differs by one or two letters.
    static func ofKey(_ key: String, _ value: String, among nodes: [Node]) -> String? {
        var keys: Set<String> = []
        for node in nodes {
            for (candidate, present) in node.metadata.labels where present == value { keys.insert(candidate) }
        }
        return of(key, among: keys).map { "\($0)=\(value)" }
    }

    /// How many letters have to be changed, added or left out to make one text the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8.prefix(maximumLength))
        let right = Array(right.utf8.prefix(maximumLength))
        var row = Array(0...right.count)
        for (position, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = position + 1
            for (column, other) in right.enumerated() {
                let change = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
