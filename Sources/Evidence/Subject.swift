// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI

/// Finds what belongs to the object that a question is about.
enum Subject {
    /// The kinds that a question may be about.
    static let supportedKinds = ["Pod", "Namespace"] + Workload.kinds.map(\.kind)

    static func isSupported(_ subject: ObjectReference) -> Bool { supportedKinds.contains(subject.kind) }

    /// The kinds of workload that a subject can be tied to by ownership; the others need not be read for it.
    static func relatedWorkloads(_ subject: ObjectReference?) -> [APIResource] {
        let related: Set<String>? =
            switch subject?.kind {
            case "Deployment", "ReplicaSet": ["Deployment", "ReplicaSet"]
            case let kind? where kind != "Pod" && kind != "Namespace": [kind]
            default: nil
            }
        return Workload.kinds.filter { related?.contains($0.kind) ?? true }
    }

    /// The part of a namespace's objects that a subject is tied to by ownership: those above it, itself, and those
    /// below it.
    static func select(
        _ subject: ObjectReference?,
        pods: [Pod],
        workloads: [Workload]
    ) -> (pods: [Pod], workloads: [Workload], containsSubject: Bool) {
        guard let subject, subject.kind != "Namespace" else { return (pods, workloads, true) }
        var metadata: [String: ObjectMeta] = [:]
        for workload in workloads { metadata[workload.metadata.uid ?? ""] = workload.metadata }
        for pod in pods { metadata[pod.metadata.uid ?? ""] = pod.metadata }

        func isSubject(_ kind: String, _ meta: ObjectMeta) -> Bool {
            kind == subject.kind && meta.name == subject.name
                && (subject.namespace.isEmpty || meta.namespace ?? "" == subject.namespace)
        }
        let roots = Set(
            workloads.filter { isSubject($0.kind, $0.metadata) }.compactMap(\.metadata.uid)
                + pods.filter { isSubject("Pod", $0.metadata) }.compactMap(\.metadata.uid)
        )
        guard !roots.isEmpty else { return ([], [], false) }

        let above = Set(roots.flatMap { chain(from: $0, metadata) })
        func isSelected(_ meta: ObjectMeta) -> Bool {
            guard let uid = meta.uid else { return false }
            return above.contains(uid) || chain(from: uid, metadata).contains { roots.contains($0) }
        }
        return (pods.filter { isSelected($0.metadata) }, workloads.filter { isSelected($0.metadata) }, true)
    }

    /// The identities from an object up its chain of controllers, its own first.
    private static func chain(from uid: String, _ metadata: [String: ObjectMeta]) -> [String] {
        var chain = [uid]
        var current = uid
        while chain.count < 10, let controller = metadata[current]?.controllerReference {
            current = controller.uid
            chain.append(current)
        }
        return chain
    }
}
