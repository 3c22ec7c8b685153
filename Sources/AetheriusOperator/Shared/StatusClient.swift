// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient

/// Writes the status of objects as the operator.
struct StatusClient<Object: Resource>: Sendable {
    let client: KubernetesClient

    /// Replaces the status of the version of the object that is given: the way to claim and to end.
    /// - Throws: `KubeError` with the code `conflict` if the object has changed meanwhile.
    func update(_ object: Object) async throws(KubeError) -> Object {
        try await client.resources(Object.self, namespace: object.metadata.namespace).update(
            object,
            subresource: "status",
            fieldManager: FieldManager.operator
        )
    }

    /// Applies those fields of the status that the closure writes, to the version of the object that is given.
    /// - Throws: `KubeError` with the code `conflict` if the object has changed meanwhile.
    func apply(
        _ metadata: ObjectMeta,
        _ fields: @escaping (inout JSONWriter) -> Void
    ) async throws(KubeError) -> Object {
        let body = StatusApplication<Object>(to: metadata, fields: fields)
        return try await client.resources(Object.self, namespace: metadata.namespace).patch(
            metadata.name,
            .apply(body, fieldManager: FieldManager.operator),
            subresource: "status"
        )
    }
}
