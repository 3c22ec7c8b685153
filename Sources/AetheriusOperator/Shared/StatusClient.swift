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
        _ fields: @escaping @Sendable (inout JSONWriter) -> Void
    ) async throws(KubeError) -> Object {
        let body = AppliedStatus<Object>(metadata: metadata, fields: fields)
        return try await client.resources(Object.self, namespace: metadata.namespace).patch(
            metadata.name,
            .apply(body, fieldManager: FieldManager.operator),
            subresource: "status"
        )
    }
}

private struct AppliedStatus<Object: Resource>: JSONEncodable {
    let metadata: ObjectMeta
    let fields: @Sendable (inout JSONWriter) -> Void

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Object.apiResource.apiVersion)
            writer.field("kind", Object.apiResource.kind)
            writer.field(
                "metadata",
                object: { writer in
                    writer.field("name", metadata.name)
                    writer.field("namespace", metadata.namespace)
                    // Without it a decision from a stale cache could put a finished object back to its start.
                    writer.field("resourceVersion", metadata.resourceVersion)
                }
            )
            writer.field("status", object: fields)
        }
    }
}
