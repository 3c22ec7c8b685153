// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime

/// Finds the workload to which an object belongs: a pod's ReplicaSet's Deployment, a Job's CronJob.
struct OwnerResolver: Sendable {
    private let observation: TargetObservation

    init(_ observation: TargetObservation) { self.observation = observation }

    /// The owner of what an event is about; nil while an object on the way to it is not known.
    ///
    /// A moment later it may be: the lists and watches of the kinds do not go in step.
    func owner(of object: ObjectReference) -> ObjectReference? {
        let key = ObjectKey(namespace: object.namespace, name: object.name)
        switch object.kind {
        case "Pod":
            guard let pod = observation.pods.store[key] else { return ownerByName(of: key) }
            guard let owner = controller(of: pod.metadata) else { return reference(to: pod) }
            return isKnown(owner) ? topmost(owner) : nil
        case "ReplicaSet", "Job": return isKnown(object) ? topmost(plain(object)) : nil
        default: return plain(object)
        }
    }

    /// The workload that a pod belongs to; the pod itself if it belongs to none.
    func owner(of pod: ObservedPod) -> ObjectReference {
        guard let owner = controller(of: pod.metadata) else { return reference(to: pod) }
        return topmost(owner)
    }

    /// Whether the first lists are not all there yet, so that much is unknown that soon will not be.
    var isLearning: Bool { observation.isLearning }

    /// What an event is folded under whose owner nobody knows: the nearest to it that somebody does.
    func fallback(for object: ObjectReference) -> ObjectReference {
        let pod = observation.pods.store[ObjectKey(namespace: object.namespace, name: object.name)]
        return object.kind == "Pod" ? pod.map(owner(of:)) ?? plain(object) : plain(object)
    }

    /// Whether it can be told who owns a workload.
    ///
    /// That its kind cannot be read now does not mean that it never can: an API server takes a moment to know a role.
    private func isKnown(_ owner: ObjectReference) -> Bool {
        let key = ObjectKey(namespace: owner.namespace, name: owner.name)
        switch owner.kind {
        case "ReplicaSet": return observation.replicaSets.store[key] != nil
        case "Job": return observation.jobs.store[key] != nil
        default: return true
        }
    }

    private func topmost(_ owner: ObjectReference) -> ObjectReference {
        let key = ObjectKey(namespace: owner.namespace, name: owner.name)
        switch owner.kind {
        case "ReplicaSet": return observation.replicaSets.store[key].flatMap { controller(of: $0.metadata) } ?? owner
        case "Job": return observation.jobs.store[key].flatMap { controller(of: $0.metadata) } ?? owner
        default: return owner
        }
    }

    /// A pod that is gone, or has not been seen yet: controllers give their pods their own name and a suffix.
    private func ownerByName(of pod: ObjectKey) -> ObjectReference? {
        guard let dash = pod.name.lastIndex(of: "-") else { return nil }
        let key = ObjectKey(namespace: pod.namespace, name: String(pod.name[..<dash]))
        if let metadata = observation.replicaSets.store[key]?.metadata {
            return controller(of: metadata) ?? reference(key, TargetObservation.replicaSetResource)
        }
        if let metadata = observation.jobs.store[key]?.metadata {
            return controller(of: metadata) ?? reference(key, JobKind.resource)
        }
        if let set = observation.statefulSets.store[key] { return set.reference }
        if let set = observation.daemonSets.store[key] { return set.reference }
        return nil
    }

    private func controller(of metadata: ObjectMeta) -> ObjectReference? {
        metadata.controllerReference.map {
            ObjectReference(
                apiVersion: $0.apiVersion,
                kind: $0.kind,
                namespace: metadata.namespace ?? "",
                name: $0.name,
                uid: $0.uid
            )
        }
    }

    private func reference(to pod: ObservedPod) -> ObjectReference {
        reference(ObjectKey(pod), Pod.apiResource)
    }

    private func reference(_ key: ObjectKey, _ resource: APIResource) -> ObjectReference {
        ObjectReference(
            apiVersion: resource.apiVersion,
            kind: resource.kind,
            namespace: key.namespace ?? "",
            name: key.name
        )
    }

    /// The object without what only tells one of its lives from another.
    private func plain(_ object: ObjectReference) -> ObjectReference {
        ObjectReference(
            apiVersion: object.apiVersion,
            kind: object.kind,
            // The kubelet writes a node's events with the node's name as the namespace of nothing.
            namespace: object.kind == "Node" ? "" : object.namespace,
            name: object.name
        )
    }
}
