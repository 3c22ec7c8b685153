// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting

extension TestCluster {
    /// Makes a pod that has crashed on a node whose kubelet is at a port of this machine.
    func makePodOnDeafNode(_ name: String, in namespace: String, port: Int) async throws {
        let node: JSONValue = [
            "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(namespace)],
        ]
        try await kubectl("create", "-f", "-", input: String(decoding: JSON.encode(node), as: UTF8.self))
        let status: JSONValue = [
            "status": [
                "addresses": [["type": "InternalIP", "address": "127.0.0.1"]],
                "daemonEndpoints": ["kubeletEndpoint": ["Port": .integer(Int64(port))]],
            ]
        ]
        _ = try await client.resources(DynamicObject.self, of: Node.apiResource)
            .patch(namespace, .merge(status), subresource: "status")
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": [
                "nodeName": .string(namespace), "containers": [["name": "app", "image": "registry.local/app:1"]],
                // Nothing else has been made for the namespace's account yet.
                "automountServiceAccountToken": false,
            ],
        ]
        try await kubectl("create", "-f", "-", input: String(decoding: JSON.encode(pod), as: UTF8.self))
        try await setStatus(ofPod: name, in: namespace, Self.crashLooping("FATAL: no database"))
    }
}
