// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// Lists objects page by page, up to a bound.
struct ObjectLister: Sendable {
    let client: KubernetesClient
    /// The most objects of one kind; the last page may exceed it.
    let maximumObjects: Int

    /// Lists a kind in a namespace, or in all of them.
    func list<Object: KubernetesObject>(
        _ type: Object.Type,
        _ resource: APIResource,
        _ namespace: String?,
        _ fieldSelector: String? = nil
    ) async -> Result<ClusterReading.Page<Object>, KubeError> {
        do throws(KubeError) {
            let objects = client.resources(type, of: resource, namespace: namespace)
            var items: [Object] = []
            var options = ListOptions(fieldSelector: fieldSelector, limit: 500)
            while true {
                let page = try await objects.list(options)
                items.append(contentsOf: page.items)
                guard let token = page.metadata.continueToken, !token.isEmpty else {
                    return .success(.init(items: items, isTruncated: false))
                }
                guard items.count < maximumObjects else { return .success(.init(items: items, isTruncated: true)) }
                options.continueToken = token
            }
        } catch {
            return .failure(error)
        }
    }

    /// Lists a kind by the first of its versions that the server serves.
    func list<Object: KubernetesObject>(
        _ type: Object.Type,
        _ versions: [APIResource],
        _ namespace: String?
    ) async -> Result<ClusterReading.Page<Object>, KubeError> {
        var answer: Result<ClusterReading.Page<Object>, KubeError> = .success(.init(items: [], isTruncated: false))
        for version in versions {
            answer = await list(type, version, namespace)
            guard case .failure(let error) = answer, error.code == .notFound else { break }
        }
        return answer
    }
}
