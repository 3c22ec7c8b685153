// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// The kinds that somebody has added to a cluster.
enum CustomKinds {
    /// Whether a group is none of Kubernetes' own, and not this project's, whose objects are the questions.
    static func contains(group: String) -> Bool {
        group.contains(".") && !group.hasSuffix(".k8s.io") && group != "aetherius.io"
    }

    /// Those that a server serves and lists, in the versions that it prefers.
    /// - Parameters:
    ///   - namespace: nil to have those without a namespace as well.
    ///   - limit: the most kinds.
    static func all(
        of client: KubernetesClient,
        in namespace: String?,
        limit: Int
    ) async throws(KubeError) -> [APIResource] {
        let served = try await client.discover().resources.filter { kind in
            kind.isPreferred && kind.verbs.contains("list") && contains(group: kind.resource.group)
                && (namespace == nil || kind.resource.isNamespaced)
        }
        return Array(served.map(\.resource).sorted { ($0.group, $0.plural) < ($1.group, $1.plural) }.prefix(limit))
    }
}
