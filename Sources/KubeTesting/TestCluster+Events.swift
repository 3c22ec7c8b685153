// SPDX-License-Identifier: Apache-2.0
import JSON
package import KubeAPI
import KubeClient

extension TestCluster {
    /// Writes an event as a kubelet or controller would, or counts on the one that it has written.
    /// - Parameters:
    ///   - name: the name of the Event object.
    ///   - object: what it is about; its namespace is the event's too.
    ///   - count: how often it has happened.
    package func recordEvent(
        _ name: String,
        _ reason: String,
        about object: ObjectReference,
        message: String,
        count: Int = 1
    ) async throws {
        let now = "\(Timestamp.now)"
        let event: JSONValue = [
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string(name), "namespace": .string(object.namespace)],
            "involvedObject": try JSON.decode(JSONValue.self, from: JSON.encode(object)),
            "reason": .string(reason), "type": "Warning", "count": .integer(Int64(count)),
            "message": .string(message), "firstTimestamp": .string(now), "lastTimestamp": .string(now),
            "source": ["component": "kubelet"],
        ]
        _ = try await client.resources(DynamicObject.self, of: Event.apiResource, namespace: object.namespace)
            .patch(name, .apply(event, fieldManager: "kubelet"))
    }
}

extension ObjectReference {
    /// A container of a pod, as events about it name it.
    package static func container(_ container: String, of pod: String, in namespace: String) -> ObjectReference {
        var reference = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: namespace, name: pod)
        reference.fieldPath = "spec.containers{\(container)}"
        return reference
    }
}
