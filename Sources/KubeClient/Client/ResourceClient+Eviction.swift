// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI

extension ResourceClient where Object == Pod {
    /// Asks the server to delete a pod unless a PodDisruptionBudget forbids it (subresource `eviction`).
    /// - Parameters:
    ///   - name: the pod's name.
    ///   - options: as for ``delete(_:_:)``.
    ///   - apiVersion: `policy/v1`; `policy/v1beta1` for servers before 1.22.
    /// - Throws: ``KubeError`` with ``KubeError/Code/tooManyRequests`` if a budget forbids it for now.
    public func evict(
        _ name: String,
        _ options: DeleteOptions = DeleteOptions(),
        apiVersion: String = "policy/v1"
    ) async throws(KubeError) {
        var request = try request(.post, name: name, subresource: "eviction")
        request.setBody(Eviction(apiVersion: apiVersion, name: name, namespace: namespace, options: options))
        // A budget answers 429, some servers with Retry-After; whether to wait for it is the caller's to decide.
        request.retries = RetryPolicy.none
        _ = try await client.send(request) as Discarded
    }
}

private struct Eviction: JSONEncodable {
    var apiVersion: String
    var name: String
    var namespace: String?
    var options: DeleteOptions

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", apiVersion)
            writer.field("kind", "Eviction")
            writer.field(
                "metadata",
                object: { writer in
                    writer.field("name", name)
                    writer.field("namespace", namespace)
                }
            )
            writer.field("deleteOptions", object: { options.encodeFields(to: &$0) })
        }
    }
}
