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

    /// Says of each object whether it is tied to a subject by ownership: above it, itself, or below it.
    struct Selection {
        var pods: [Bool]
        var workloads: [Bool]
        var containsSubject: Bool
    }

    /// Which of a namespace's objects a subject is tied to; nil if it is about all of them.
    static func select(_ subject: ObjectReference?, pods: [Pod], workloads: [Workload]) -> Selection? {
        guard let subject, subject.kind != "Namespace" else { return nil }
        var metadata: [String: ObjectMeta] = [:]
        for workload in workloads { metadata[identity(workload.kind, workload.metadata)] = workload.metadata }
        for pod in pods { metadata[identity("Pod", pod.metadata)] = pod.metadata }

        func isSubject(_ kind: String, _ meta: ObjectMeta) -> Bool {
            kind == subject.kind && meta.name == subject.name
                && (subject.namespace.isEmpty || meta.namespace ?? "" == subject.namespace)
        }
        let roots = Set(
            workloads.filter { isSubject($0.kind, $0.metadata) }.map { identity($0.kind, $0.metadata) }
                + pods.filter { isSubject("Pod", $0.metadata) }.map { identity("Pod", $0.metadata) }
        )
        let above = Set(roots.flatMap { chain(from: $0, metadata) })
        func isSelected(_ identity: String) -> Bool {
            above.contains(identity) || chain(from: identity, metadata).contains { roots.contains($0) }
        }
        return Selection(
            pods: pods.map { isSelected(identity("Pod", $0.metadata)) },
            workloads: workloads.map { isSelected(identity($0.kind, $0.metadata)) },
            containsSubject: !roots.isEmpty
        )
    }

    /// What tells an object from all others; its name does where no server has given it an identity.
    private static func identity(_ kind: String, _ metadata: ObjectMeta) -> String {
        if let uid = metadata.uid, !uid.isEmpty { return uid }
        return "\(kind)/\(metadata.namespace ?? "")/\(metadata.name)"
    }

    /// The identities from an object up its chain of controllers, its own first.
    private static func chain(from uid: String, _ metadata: [String: ObjectMeta]) -> [String] {
        var chain = [uid]
        var current = uid
        while chain.count < 10, let controller = metadata[current]?.controllerReference {
            current =
                controller.uid.isEmpty
                ? "\(controller.kind)/\(metadata[current]?.namespace ?? "")/\(controller.name)" : controller.uid
            chain.append(current)
        }
        return chain
    }
}

extension Snapshot {
    /// Takes in what was read, the subject's own objects apart from their neighbours.
    /// - Returns: whether the subject is among them.
    mutating func fill(pods: [Pod], workloads: [Workload], events: [Event]) -> Bool {
        guard let selection = Subject.select(subject, pods: pods, workloads: workloads) else {
            self.pods = pods
            self.workloads = workloads
            self.events = events
            return true
        }
        self.pods = zip(pods, selection.pods).filter(\.1).map(\.0)
        neighbourPods = zip(pods, selection.pods).filter { !$0.1 }.map(\.0)
        self.workloads = zip(workloads, selection.workloads).filter(\.1).map(\.0)
        neighbourWorkloads = zip(workloads, selection.workloads).filter { !$0.1 }.map(\.0)
        // What happened to the neighbours is another question; what happened to things like claims may be this one.
        let kinds = Set(["Pod"] + Workload.kinds.map(\.kind))
        let own = Set(
            self.pods.map { "Pod/\($0.metadata.namespace ?? "")/\($0.metadata.name)" }
                + self.workloads.map { "\($0.kind)/\($0.metadata.namespace ?? "")/\($0.metadata.name)" }
        )
        self.events = events.filter { event in
            let name = event.involvedObject.description
            return own.contains(name) || !kinds.contains(event.involvedObject.kind)
        }
        return selection.containsSubject
    }
}
