// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Reads `kind/name` as kubectl would: singular, plural and short names, in any case.
enum SubjectName {
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

    static func parse(_ text: String) -> ObjectReference? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, !parts[1].contains("/") else { return nil }
        // "deployment.apps" and "deployment.v1.apps" name the group too; there is only one of each kind here.
        let word = parts[0].prefix { $0 != "." }.lowercased()
        guard let kind = kinds.first(where: { $0.names.contains(word) })?.kind else { return nil }
        let apiVersion = Workload.kinds.first { $0.kind == kind }?.apiVersion ?? "v1"
        return ObjectReference(apiVersion: apiVersion, kind: kind, name: String(parts[1]))
    }

    static func usage(_ text: String) -> String {
        "'\(text)' is not something to look at. Write kind/name with one of these kinds: "
            + kinds.map { $0.kind.lowercased() }.joined(separator: ", ") + "."
    }
}
