// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI

/// The Deployment of an agent that runs on the hub: a Hosted one, or a Local one with a Deployment of its own.
///
/// It proves itself with the token that the kubelet gives to its pod.
struct HubAgent {
    let agent: ClusterAgent
    let image: String

    private static let targetDirectory = "/etc/aetherius/target"

    private var name: String { agent.metadata.name }
    private var labels: [String: String] {
        [LabelKey.cluster: name, LabelKey.component: AgentNames.agentComponent]
    }

    /// All that there may be of it.
    var all: [ManagedObject] { [deployment] + observer.reversed() }

    var deployment: ManagedObject {
        var arguments = ["agent", "--cluster", name]
        var mounts: [AgentPod.Mount] = []
        if let secret = agent.spec.target.kubeconfigSecretRef, agent.spec.mode == .hosted {
            arguments += ["--target-kubeconfig", "\(Self.targetDirectory)/\(secret.key)"]
            mounts.append(
                AgentPod.Mount(
                    name: "target",
                    path: Self.targetDirectory,
                    source: (
                        "secret",
                        [
                            "secretName": .string(secret.name), "defaultMode": 0o440,
                            "items": [["key": .string(secret.key), "path": .string(secret.key)]],
                        ]
                    )
                )
            )
        }
        let pod = AgentPod(
            settings: agent.spec.agent,
            image: image,
            serviceAccount: AgentNames.serviceAccount(name),
            labels: labels,
            arguments: arguments,
            mounts: mounts
        )
        return pod.deployment(AgentNames.deployment(name), in: AgentNames.namespace)
    }

    /// What lets a Local agent read the cluster that it runs in.
    var observer: [ManagedObject] {
        let role = "\(AgentNames.role(name)):observer"
        return [
            ManagedObject(.clusterRole, role, labels: labels, ["rules": PolicyRule.observation.json]),
            ManagedObject(
                .clusterRoleBinding,
                role,
                labels: labels,
                [
                    "roleRef": .reference(to: .clusterRole, role),
                    "subjects": [
                        [
                            "kind": "ServiceAccount", "name": .string(AgentNames.serviceAccount(name)),
                            "namespace": .string(AgentNames.namespace),
                        ]
                    ],
                ]
            ),
        ]
    }
}
