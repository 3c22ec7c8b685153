// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Reads `kind/name` or `kind name` as kubectl would: singular, plural and short names, in any case.
enum SubjectName {
    /// Why words do not name an object, and what to type.
    struct Problem: Error {
        let message: String
    }

    private static let kinds: [(kind: String, names: [String])] = [
        ("DaemonSet", ["daemonset", "daemonsets", "ds"]),
        ("Deployment", ["deployment", "deployments", "deploy"]),
        ("Job", ["job", "jobs"]),
        ("Namespace", ["namespace", "namespaces", "ns"]),
        ("Pod", ["pod", "pods", "po"]),
        ("ReplicaSet", ["replicaset", "replicasets", "rs"]),
        ("ReplicationController", ["replicationcontroller", "replicationcontrollers", "rc"]),
        ("StatefulSet", ["statefulset", "statefulsets", "sts"]),
    ]

    /// The kinds as people type them.
    static let words = kinds.map { $0.kind.lowercased() }

    static func parse(_ words: [String]) throws(Problem) -> ObjectReference? {
        guard let first = words.first else { return nil }
        let parts = first.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch (parts.count, words.count) {
        case (1, 1):
            guard kind(parts[0]) != nil else {
                throw Problem(message: "'\(first)' names no kind; type kind/name, such as deployment/\(example(first))")
            }
            throw Problem(message: "'\(first)' needs a name; type \(first)/name, or leave it out to look at everything")
        case (1, 2):
            guard !words[1].contains("/") else {
                throw Problem(message: "'\(first) \(words[1])' is two answers at once; type kind/name or kind name")
            }
            return try reference(parts[0], words[1])
        case (2, 1): return try reference(parts[0], parts[1])
        case (2, _):
            throw Problem(message: "one object at a time: type kind/name once, or leave it out to look at everything")
        default:
            throw Problem(message: "'\(first)' has too many slashes; type kind/name, and the namespace with -n")
        }
    }

    private static func reference(_ word: String, _ name: String) throws(Problem) -> ObjectReference {
        guard let kind = kind(word) else {
            throw Problem(
                message: "'\(word)' is no kind that can be diagnosed; type kind/name with one of "
                    + words.joined(separator: ", ")
            )
        }
        guard !name.isEmpty else {
            throw Problem(message: "'\(word)/' lacks the name; type kind/name, such as \(word)/web")
        }
        let apiVersion = Workload.kinds.first { $0.kind == kind }?.apiVersion ?? "v1"
        return ObjectReference(apiVersion: apiVersion, kind: kind, name: name)
    }

    private static func kind(_ word: String) -> String? {
        // "deployment.apps" and "deployment.v1.apps" name the group too; there is only one of each kind here.
        let word = word.prefix { $0 != "." }.lowercased()
        return kinds.first { $0.names.contains(word) }?.kind
    }

    /// What the writer probably meant is more helpful than a made-up name.
    private static func example(_ word: String) -> String {
        word.isEmpty ? "web" : word
    }
}
