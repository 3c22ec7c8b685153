// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// Ten thousand pods on a real API server, of which some are broken.
///
/// Nothing runs; the objects are what a cluster with as many pods would hold.
struct LargeCluster {
    /// The pods of a Deployment that is well.
    static let healthyReplicas = 20
    /// The Deployments that are well.
    static let healthyDeployments = 490
    /// The pods of a Deployment that is broken.
    static let brokenReplicas = 10
    /// All pods.
    static let podCount = healthyDeployments * healthyReplicas + BrokenWays.all.count * brokenReplicas

    private let client: KubernetesClient
    private let namespace: String
    private let template: JSONValue

    init(_ client: KubernetesClient, namespace: String) throws {
        self.client = client
        self.namespace = namespace
        template = try JSON.decode(ResourceList<DynamicObject>.self, from: PodListSample.make(pods: 1)).items[0].value
    }

    /// Creates all of it.
    func fill() async throws {
        var account: JSONValue = ["apiVersion": "v1", "kind": "ServiceAccount"]
        account["metadata"] = ["name": "default"]
        let accounts = APIResource(group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts")
        _ = try await resources(accounts).create(DynamicObject(account))
        var workloads = BrokenWays.all.map { ($0.name, Self.brokenReplicas, $0.status) }
        for index in 0..<Self.healthyDeployments {
            workloads.append(("steady-\(index)", Self.healthyReplicas, BrokenWays.none))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, (name, replicas, status)) in workloads.enumerated() {
                if index >= 30 { try await group.next() }
                group.addTask { try await fill(name, replicas, status) }
            }
            try await group.waitForAll()
        }
    }

    private func resources(_ resource: APIResource) -> ResourceClient<DynamicObject> {
        client.resources(DynamicObject.self, of: resource, namespace: namespace)
    }

    private func fill(_ name: String, _ replicas: Int, _ status: JSONValue) async throws {
        let isWell = status == BrokenWays.none
        let ready: JSONValue = .integer(isWell ? Int64(replicas) : 0)
        let counts: JSONValue = [
            "observedGeneration": 1, "replicas": .integer(Int64(replicas)), "readyReplicas": ready,
        ]
        let labels: JSONValue = ["app": .string(name)]
        let spec: JSONValue = ["containers": [["name": "app", "image": "localhost:1/none:1"]]]
        var set: JSONValue = ["replicas": .integer(Int64(replicas)), "selector": ["matchLabels": labels]]
        set["template"] = ["metadata": ["labels": labels], "spec": spec]
        let deployments = APIResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
        let owner = try await create(deployments, name, labels, spec: set, owner: nil, status: counts)
        let replicaSets = APIResource(group: "apps", version: "v1", kind: "ReplicaSet", plural: "replicasets")
        let parent = try await create(replicaSets, "\(name)-1", labels, spec: set, owner: owner, status: counts)
        for index in 0..<replicas {
            _ = try await create(
                Pod.apiResource,
                "\(name)-1-\(index)",
                labels,
                spec: template["spec"] ?? [:],
                owner: parent,
                status: status
            )
        }
    }

    /// Creates an object, gives it its status, and returns the reference by which others name it as their controller.
    private func create(
        _ resource: APIResource,
        _ name: String,
        _ labels: JSONValue,
        spec: JSONValue,
        owner: JSONValue?,
        status: JSONValue
    ) async throws -> JSONValue {
        var object: JSONValue = ["apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind)]
        object["metadata"] = ["name": .string(name), "labels": labels]
        if let owner { object["metadata"]?["ownerReferences"] = [owner] }
        object["spec"] = spec
        let created = try await resources(resource).create(DynamicObject(object))
        _ = try await resources(resource).patch(name, .merge(["status": status]), subresource: "status")
        return [
            "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind), "name": .string(name),
            "uid": .string(created.metadata.uid ?? ""), "controller": true,
        ]
    }
}
