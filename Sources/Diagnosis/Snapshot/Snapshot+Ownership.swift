// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

extension Snapshot {
    /// The end of an object's chain of controllers, as far as the snapshot knows it; the object itself if it has none.
    public func owner(of metadata: ObjectMeta, kind: String, apiVersion: String) -> ObjectReference {
        var reference = ObjectReference(
            apiVersion: apiVersion,
            kind: kind,
            namespace: metadata.namespace ?? "",
            name: metadata.name,
            uid: metadata.uid
        )
        var metadata = metadata
        // Owners cannot form a circle on a server that checks them; the bound is for the one that does not.
        for _ in 0..<10 {
            guard let controller = metadata.controllerReference else { break }
            reference = ObjectReference(
                apiVersion: controller.apiVersion,
                kind: controller.kind,
                namespace: metadata.namespace ?? "",
                name: controller.name,
                uid: controller.uid
            )
            guard let next = workload(controller, in: reference.namespace) else { break }
            metadata = next.metadata
        }
        return reference
    }

    /// The end of a pod's chain of controllers.
    public func owner(of pod: Pod) -> ObjectReference {
        owner(of: pod.metadata, kind: Pod.apiResource.kind, apiVersion: Pod.apiResource.apiVersion)
    }

    /// The workload that a reference of an owner names, wherever in the namespace it is.
    public func workload(_ owner: OwnerReference, in namespace: String) -> Workload? {
        let tables = tables
        if let position = tables.workloadsByUID[owner.uid] { return workload(at: position) }
        // What was not stored by a server, such as a hand-written bundle, has no identities.
        guard owner.uid.isEmpty else { return nil }
        return workload(owner.kind, owner.name, in: namespace)
    }

    /// The events about an object, newest first.
    public func events(about object: ObjectReference) -> [Event] {
        (tables.events[ObjectKey(object)] ?? []).lazy.map { events[$0] }.filter { event in
            // An object that was made anew under the same name has nothing to do with the old one's events.
            guard let uid = object.uid, let eventUID = event.involvedObject.uid else { return true }
            return uid == eventUID
        }
    }

    /// The logs of a container, of its present run and the one before.
    public func logs(of container: String, in pod: Pod) -> [ContainerLog] {
        (tables.logs[ObjectKey(kind: container, pod.metadata)] ?? []).map { logs[$0] }
    }

    /// The log of a container's last finished run; that of the present run if no other was read.
    public func log(of container: String, in pod: Pod) -> ContainerLog? {
        let logs = logs(of: container, in: pod).filter { !$0.lines.isEmpty }
        return logs.first(where: \.isPrevious) ?? logs.first
    }
}

extension Pod {
    /// A reference to the pod.
    public var reference: ObjectReference {
        ObjectReference(
            apiVersion: Self.apiResource.apiVersion,
            kind: Self.apiResource.kind,
            namespace: metadata.namespace ?? "",
            name: metadata.name,
            uid: metadata.uid
        )
    }
}
