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
            guard let next = workloads.first(where: { $0.metadata.uid == controller.uid }) else { break }
            metadata = next.metadata
        }
        return reference
    }

    /// The end of a pod's chain of controllers.
    public func owner(of pod: Pod) -> ObjectReference {
        owner(of: pod.metadata, kind: Pod.apiResource.kind, apiVersion: Pod.apiResource.apiVersion)
    }

    /// The events about an object, newest first.
    public func events(about object: ObjectReference) -> [Event] {
        events
            .filter { event in
                guard event.involvedObject.kind == object.kind, event.involvedObject.name == object.name,
                    event.involvedObject.namespace == object.namespace
                else { return false }
                // An object that was made anew under the same name has nothing to do with the old one's events.
                guard let uid = object.uid, let eventUID = event.involvedObject.uid else { return true }
                return uid == eventUID
            }
            .sorted { ($0.lastSeen ?? Timestamp(seconds: 0)) > ($1.lastSeen ?? Timestamp(seconds: 0)) }
    }

    /// The log of a container's last finished run; that of the present run if no other was read.
    public func log(of container: String, in pod: Pod) -> ContainerLog? {
        let logs = logs.filter {
            $0.pod == pod.metadata.name && $0.namespace == pod.metadata.namespace ?? "" && $0.container == container
                && !$0.lines.isEmpty
        }
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
