// SPDX-License-Identifier: Apache-2.0
package import JSON
import KubeAPI
import KubeClient

extension TestCluster {
    /// Creates a Deployment with one replica, and waits for the pod that Kubernetes makes of it.
    ///
    /// There is no node, so the pod would stay Pending for ever: ``setStatus(ofPod:in:_:)`` tells what a kubelet would
    /// have told.
    /// - Returns: the pod's name.
    package func makeDeployment(_ name: String, in namespace: String) async throws -> String {
        let labels: JSONValue = ["app": .string(name)]
        let deployment: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": [
                "replicas": 1, "selector": ["matchLabels": labels],
                "template": [
                    "metadata": ["labels": labels],
                    "spec": [
                        "containers": [
                            [
                                "name": "app", "image": "localhost:1/none:1",
                                "resources": ["limits": ["memory": "32Mi"]],
                            ]
                        ]
                    ],
                ],
            ],
        ]
        let resource = APIResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
        _ = try await client.resources(DynamicObject.self, of: resource, namespace: namespace)
            .create(DynamicObject(deployment))
        let stream = try await client.resources(Pod.self, namespace: namespace)
            .watch(WatchOptions(labelSelector: "app=\(name)", resourceVersion: "0"))
        for try await event in stream {
            if case .added(let pod) = event { return pod.metadata.name }
        }
        throw TestClusterError(message: "Deployment \(name) got no pod")
    }

    /// Creates a StatefulSet with one replica.
    package func makeStatefulSet(_ name: String, serviceName: String, in namespace: String) async throws {
        let labels: JSONValue = ["app": .string(name)]
        let set: JSONValue = [
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": ["name": .string(name)],
            "spec": [
                "replicas": 1, "serviceName": .string(serviceName), "selector": ["matchLabels": labels],
                "template": [
                    "metadata": ["labels": labels],
                    "spec": ["containers": [["name": "app", "image": "localhost:1/none:1"]]],
                ],
            ],
        ]
        let resource = APIResource(group: "apps", version: "v1", kind: "StatefulSet", plural: "statefulsets")
        _ = try await client.resources(DynamicObject.self, of: resource, namespace: namespace)
            .create(DynamicObject(set))
    }

    /// Writes the status of a pod, as its kubelet would.
    package func setStatus(ofPod name: String, in namespace: String, _ status: JSONValue) async throws {
        let pods = client.resources(DynamicObject.self, of: Pod.apiResource, namespace: namespace)
        _ = try await pods.patch(name, .merge(["status": status] as JSONValue), subresource: "status")
    }

    /// The status of a pod whose container `app` keeps exiting with an error that its termination message tells.
    package static func crashLooping(_ message: String) -> JSONValue {
        failing(
            state: ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"]],
            lastState: ["terminated": ["exitCode": 1, "reason": "Error", "message": .string(message)]]
        )
    }

    /// The status of a pod whose container `app` is killed at its memory limit.
    package static var outOfMemory: JSONValue {
        failing(
            state: ["waiting": ["reason": "CrashLoopBackOff"]],
            lastState: ["terminated": ["exitCode": 137, "reason": "OOMKilled"]]
        )
    }

    /// The status of a pod whose container `app` waits for an image that its registry does not have.
    package static var imageNotFound: JSONValue {
        failing(
            state: [
                "waiting": ["reason": "ErrImagePull", "message": "localhost:1/none:1: manifest unknown: not found"]
            ],
            lastState: [:]
        )
    }

    /// The status of a pod that is well.
    package static var running: JSONValue {
        [
            "phase": "Running", "conditions": [["type": "Ready", "status": "True"]],
            "containerStatuses": [
                [
                    "name": "app", "image": "localhost:1/none:1", "imageID": "none", "ready": true, "restartCount": 0,
                    "state": ["running": ["startedAt": "2026-01-01T00:00:00Z"]],
                ]
            ],
        ]
    }

    private static func failing(state: JSONValue, lastState: JSONValue) -> JSONValue {
        [
            "phase": "Running", "conditions": [["type": "Ready", "status": "False"]],
            "containerStatuses": [
                [
                    "name": "app", "image": "localhost:1/none:1", "imageID": "none", "ready": false, "restartCount": 4,
                    "state": state, "lastState": lastState,
                ]
            ],
        ]
    }
}
