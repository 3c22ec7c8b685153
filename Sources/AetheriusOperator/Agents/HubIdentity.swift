// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Synchronization

/// The identity of the operator's own cluster: the UID of its namespace kube-system, which is made once.
final class HubIdentity: Sendable {
    private let client: KubernetesClient
    private let known = Mutex<String?>(nil)

    init(client: KubernetesClient) { self.client = client }

    /// The identity; it is asked for once.
    func uid() async throws(KubeError) -> String? {
        if let known = known.withLock({ $0 }) { return known }
        let uid = try await client.resources(Namespace.self).get("kube-system").metadata.uid
        known.withLock { $0 = uid }
        return uid
    }
}
