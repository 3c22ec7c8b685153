// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import KubeClient

/// Reads one kind of a snapshot's inventories from a cluster.
struct InventoryReader: Sendable {
    /// Which questions want a kind from the start; any other reads it when an analyzer consults it.
    enum Occasion: Int, Sendable {
        case never
        case anyCluster
        case anyNamespace
        case anySubject
    }

    /// Puts what came back into a snapshot.
    typealias Outcome = @Sendable (inout Snapshot) -> Void

    let resource: APIResource
    /// The kind in all of the versions that servers serve it in, the newest first.
    let versions: [APIResource]
    let occasion: Occasion
    private let read: @Sendable (ObjectLister, String?) async -> Outcome

    private init<Object: Resource>(
        _ inventory: any WritableKeyPath<Snapshot, Inventory<Object>> & Sendable,
        _ occasion: Occasion = .never,
        older: APIResource...
    ) {
        let resource = Object.apiResource
        let versions = [resource] + older
        self.resource = resource
        self.versions = versions
        self.occasion = occasion
        read = { lister, namespace in
            let namespace = resource.isNamespaced ? namespace : nil
            let result = await lister.list(Object.self, versions, namespace)
            return { snapshot in
                let isWhole = snapshot[keyPath: inventory].take(result, of: resource, in: namespace)
                if !isWhole { snapshot.isTruncated = true }
            }
        }
    }

    private init(route resource: APIResource, _ occasion: Occasion) {
        self.resource = resource
        versions = [resource]
        self.occasion = occasion
        read = { lister, namespace in
            let result = await lister.list(Route.self, [resource], namespace).map { page in
                var page = page
                for index in page.items.indices { page.items[index].kind = resource.kind }
                return page
            }
            return { snapshot in
                let isWhole = snapshot.routes.take(result, of: resource, in: namespace)
                if !isWhole { snapshot.isTruncated = true }
            }
        }
    }

    /// Reads the kind in a namespace, or in all of them.
    func read(_ lister: ObjectLister, in namespace: String?) async -> Outcome { await read(lister, namespace) }

    private static func older(_ current: APIResource, _ version: String) -> APIResource {
        var older = current
        older.version = version
        return older
    }

    /// Every kind that is read; Secrets are not among them.
    static let all: [InventoryReader] = [
        InventoryReader(\.services, .anySubject),
        InventoryReader(\.persistentVolumeClaims, .anySubject),
        InventoryReader(\.resourceQuotas, .anySubject),
        InventoryReader(\.networkPolicies, .anySubject),
        InventoryReader(\.ingresses, .anySubject),
        InventoryReader(
            \.horizontalPodAutoscalers,
            .anySubject,
            older: older(HorizontalPodAutoscaler.apiResource, "v2beta2")
        ),
        InventoryReader(
            \.podDisruptionBudgets,
            .anyNamespace,
            older: older(PodDisruptionBudget.apiResource, "v1beta1")
        ),
        InventoryReader(\.cronJobs, .anyNamespace, older: older(CronJob.apiResource, "v1beta1")),
        InventoryReader(\.limitRanges, .anyNamespace),
        InventoryReader(\.gateways, .anyNamespace, older: older(Gateway.apiResource, "v1beta1")),
        InventoryReader(route: Route.kinds[0], .anyNamespace),
        InventoryReader(route: Route.kinds[1], .anyNamespace),
        InventoryReader(route: Route.kinds[2], .never),
        InventoryReader(route: Route.kinds[3], .never),
        InventoryReader(route: Route.kinds[4], .never),
        InventoryReader(\.referenceGrants, .anyCluster, older: older(ReferenceGrant.apiResource, "v1alpha2")),
        InventoryReader(\.configMaps),
        InventoryReader(\.endpoints),
        InventoryReader(\.endpointSlices, older: older(EndpointSlice.apiResource, "v1beta1")),
        InventoryReader(\.serviceAccounts),
        InventoryReader(\.roles),
        InventoryReader(\.roleBindings),
        InventoryReader(\.nodes, .anyCluster),
        InventoryReader(\.namespaces, .anyCluster),
        InventoryReader(\.persistentVolumes, .anyCluster),
        InventoryReader(\.storageClasses, .anyCluster),
        InventoryReader(\.apiServices, .anyCluster),
        InventoryReader(\.mutatingWebhookConfigurations, .anyCluster),
        InventoryReader(\.validatingWebhookConfigurations, .anyCluster),
        InventoryReader(\.gatewayClasses, .anyCluster, older: older(GatewayClass.apiResource, "v1beta1")),
        InventoryReader(\.ingressClasses, .anyCluster),
        InventoryReader(\.priorityClasses),
        InventoryReader(\.runtimeClasses, older: older(RuntimeClass.apiResource, "v1beta1")),
        InventoryReader(\.customResourceDefinitions),
        InventoryReader(\.podMetrics),
    ]
}

extension Inventory {
    /// Takes in the answer of a server.
    /// - Returns: false if objects were left out to stay within bounds.
    fileprivate mutating func take(
        _ result: Result<ClusterReading.Page<Object>, KubeError>,
        of resource: APIResource,
        in namespace: String?
    ) -> Bool {
        let whole: Coverage = namespace.map { .namespaces([$0]) } ?? .everything
        switch result {
        case .success(let page):
            add(page.items, coverage: page.isTruncated ? .nothing : whole)
            return !page.isTruncated
        // A kind that the server does not serve has no objects.
        case .failure(let error) where error.code == .notFound: add([], coverage: whole)
        case .failure(let error):
            add(gap: Unreadable(kind: resource.kind, isNamespaced: resource.isNamespaced, namespace, error))
        }
        return true
    }
}
