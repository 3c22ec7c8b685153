// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient

/// Reads the kubeconfig by which a cluster is reached from the hub.
struct TargetKubeconfig: Sendable {
    let client: KubernetesClient

    /// The configuration in a Secret.
    /// - Throws: `KubeError` with the code `configuration` if there is no such Secret, or what it holds is missing or
    ///   not allowed; the message names the Secret and the field.
    func configuration(
        _ reference: ClusterAgent.KubeconfigReference
    ) async throws(KubeError) -> ClientConfiguration {
        let origin = "Secret \(AgentNames.namespace)/\(reference.name)"
        let secrets = client.resources(
            DynamicObject.self,
            of: Secret.apiResource,
            namespace: AgentNames.namespace
        )
        let secret: DynamicObject
        do throws(KubeError) {
            secret = try await secrets.get(reference.name)
        } catch {
            guard error.code == .notFound else { throw error }
            throw KubeError(
                code: .configuration,
                message: "spec.target.kubeconfigSecretRef.name: there is no \(origin)",
                cause: error
            )
        }
        guard let text = secret.value.value(at: "data", reference.key)?.stringValue,
            let kubeconfig = Base64.decode(text), !kubeconfig.isEmpty
        else {
            throw KubeError(code: .configuration, message: "\(origin) has no key \(reference.key) with a kubeconfig")
        }
        return try .selfContained(kubeconfig: kubeconfig, origin: reference.origin)
    }
}
