// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI

/// The pod of an agent, and the Deployment around it.
struct AgentPod {
    /// A directory of the container that comes from a Secret or ConfigMap.
    struct Mount {
        var name: String
        var path: String
        /// `secret` or `configMap`, as in a volume.
        var source: (key: String, value: JSONValue)
    }

    var settings: ClusterAgent.AgentSettings
    var image: String
    var serviceAccount: String
    var labels: [String: String]
    var arguments: [String]
    var environment: [JSONValue] = []
    var mounts: [Mount] = []
    /// Changes with what the pod reads once, so that a change of it makes a new pod.
    var configurationHash: String?

    /// A Deployment of one such pod.
    ///
    /// The old pod ends before the new one begins: two would fight over one Lease.
    func deployment(_ name: String, in namespace: String) -> ManagedObject {
        var podMetadata: JSONValue = ["labels": .strings(labels)]
        if let configurationHash {
            podMetadata["annotations"] = .strings([AnnotationKey.configurationHash: configurationHash])
        }
        return ManagedObject(
            .deployment,
            name,
            in: namespace,
            labels: labels,
            [
                "spec": [
                    "replicas": 1, "revisionHistoryLimit": 2, "strategy": ["type": "Recreate"],
                    "selector": ["matchLabels": .strings(selector)],
                    "template": ["metadata": podMetadata, "spec": pod],
                ]
            ]
        )
    }

    /// What never changes: a Deployment's selector cannot.
    private var selector: [String: String] {
        labels.filter { [LabelKey.cluster, LabelKey.component].contains($0.key) }
    }

    private var pod: JSONValue {
        var pod: JSONValue = [
            "serviceAccountName": .string(serviceAccount), "automountServiceAccountToken": true,
            "enableServiceLinks": false, "terminationGracePeriodSeconds": 30,
            "securityContext": [
                "runAsNonRoot": true, "runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000,
                "seccompProfile": ["type": "RuntimeDefault"],
            ],
            "containers": [container],
        ]
        if !mounts.isEmpty {
            pod["volumes"] = .array(
                mounts.map { mount in
                    var volume: JSONValue = ["name": .string(mount.name)]
                    volume[mount.source.key] = mount.source.value
                    return volume
                }
            )
        }
        if !settings.nodeSelector.isEmpty { pod["nodeSelector"] = .strings(settings.nodeSelector) }
        if !settings.tolerations.isEmpty { pod["tolerations"] = .encoding(settings.tolerations) }
        return pod
    }

    private var container: JSONValue {
        let names: [JSONValue] = [
            ["name": "POD_NAMESPACE", "valueFrom": ["fieldRef": ["fieldPath": "metadata.namespace"]]],
            ["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]],
        ]
        var container: JSONValue = [
            "name": "agent", "image": .string(image), "imagePullPolicy": "IfNotPresent",
            "args": .strings(arguments), "env": .array(names + environment),
            "ports": [
                ["name": "health", "containerPort": 8080, "protocol": "TCP"],
                ["name": "metrics", "containerPort": 9090, "protocol": "TCP"],
            ],
            "livenessProbe": Self.probe("/healthz", delay: 30, period: 10),
            "readinessProbe": Self.probe("/readyz", delay: 5, period: 5),
            "resources": .encoding(settings.effectiveResources),
            "securityContext": [
                "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]],
            ],
            "terminationMessagePolicy": "FallbackToLogsOnError",
        ]
        if !mounts.isEmpty {
            container["volumeMounts"] = .array(
                mounts.map { ["name": .string($0.name), "mountPath": .string($0.path), "readOnly": true] }
            )
        }
        return container
    }

    private static func probe(_ path: String, delay: Int64, period: Int64) -> JSONValue {
        [
            "httpGet": ["path": .string(path), "port": "health"], "initialDelaySeconds": .integer(delay),
            "periodSeconds": .integer(period), "timeoutSeconds": 3, "failureThreshold": 3,
        ]
    }
}

extension JSONValue {
    /// A value as the tree that it is written as.
    static func encoding(_ value: some JSONEncodable) -> JSONValue {
        // What was just written is always readable.
        (try? JSON.decode(JSONValue.self, from: JSON.encode(value))) ?? .null
    }
}
