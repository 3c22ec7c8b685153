// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// Pods as a large cluster has them, on a real API server.
enum PodFilling {
    /// Creates pods of about 7 KB with a status, many at a time; nothing runs them.
    static func fill(_ cluster: TestCluster, count: Int, namespace: String) async throws {
        let sample = try JSON.decode(ResourceList<DynamicObject>.self, from: PodListSample.make(pods: 1)).items[0]
        var account: JSONValue = ["apiVersion": "v1", "kind": "ServiceAccount"]
        account["metadata"] = ["name": "default"]
        let accounts = APIResource(group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts")
        _ = try? await cluster.client.resources(DynamicObject.self, of: accounts, namespace: namespace)
            .create(DynamicObject(account))
        let pods = cluster.client.resources(DynamicObject.self, of: Pod.apiResource, namespace: namespace)
        var template = sample.value
        if let container = template.value(at: "spec", "containers")?.arrayValue?.first {
            var sidecar = container
            sidecar["name"] = "proxy"
            template["spec"]?["containers"] = .array([container, sidecar])
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                if index >= 50 { try await group.next() }
                group.addTask { [template] in
                    var pod = template
                    pod["apiVersion"] = "v1"
                    pod["kind"] = "Pod"
                    var metadata: JSONValue = ["name": .string("pod-\(index)")]
                    metadata["labels"] = template.value(at: "metadata", "labels")
                    metadata["annotations"] = template.value(at: "metadata", "annotations")
                    pod["metadata"] = metadata
                    let status: JSONValue = ["status": template["status"] ?? [:]]
                    pod["status"] = nil
                    _ = try await pods.create(DynamicObject(pod))
                    _ = try await pods.patch("pod-\(index)", .merge(status), subresource: "status")
                }
            }
            try await group.waitForAll()
        }
    }
}
