// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import JSON
import KubeAPI
import KubeClient
import YAML

/// What a Remote agent needs in the cluster that it observes, ready to be applied there.
struct RemoteAgent {
    /// How the agent reaches the hub.
    struct Connection: Hashable {
        var server: String
        /// The certificates that it trusts, as PEM; nil for those of its own system.
        var authority: String?
        var proxyURL: String?
        /// Identity of the hub; nil if it is not known.
        var hubUID: String?
    }

    private typealias Names = AgentNames.Remote
    private static let hubDirectory = "/etc/aetherius/hub"
    private static let bootstrapDirectory = "/etc/aetherius/bootstrap"

    let agent: ClusterAgent
    let image: String
    let connection: Connection
    /// The token to register with; nil for an agent that has one of its own.
    var bootstrapToken: ServiceAccountToken?

    private var labels: [String: String] {
        [LabelKey.cluster: agent.metadata.name, LabelKey.component: AgentNames.agentComponent]
    }

    /// Everything, in the order in which it has to be made.
    ///
    /// What says whose agent it is comes first, and goes last: by that others see that the place is taken.
    var objects: [ManagedObject] {
        [
            ManagedObject(Namespace.apiResource, Names.namespace, labels: [:]), configuration,
            ManagedObject(ServiceAccount.apiResource, Names.agent, in: Names.namespace, labels: labels),
        ] + rights + [credentials] + bootstrap + [deployment]
    }

    /// What goes when the agent goes, the running one first.
    ///
    /// The namespace stays: others may use it.
    var removed: [ManagedObject] {
        let made = objects.dropFirst()
        return (made.prefix(1) + (bootstrapToken == nil ? [noToken] : []) + made.dropFirst()).reversed()
    }

    /// The objects as one text.
    var manifest: String {
        let note = """
            # What the agent of ClusterAgent \(agent.metadata.name) needs in the cluster that it observes:
            #   kubectl apply -f FILE

            """
        let documents = objects.map { String(decoding: YAML.encode($0.value), as: UTF8.self) }
        return note + documents.map { "---\n\($0)" }.joined()
    }

    private var rights: [ManagedObject] {
        let subjects: JSONValue = [
            ["kind": "ServiceAccount", "name": .string(Names.agent), "namespace": .string(Names.namespace)]
        ]
        func secret(_ name: String, _ verbs: [String]) -> PolicyRule {
            PolicyRule(groups: [""], resources: ["secrets"], names: [name], verbs: verbs)
        }
        let own = [
            secret(Names.hub, ["get", "update", "patch"]), secret(Names.bootstrap, ["get", "delete"]),
            PolicyRule(groups: ["apps"], resources: ["deployments"], names: [Names.agent], verbs: ["get", "patch"]),
        ]
        return [
            ManagedObject(.clusterRole, Names.agent, labels: labels, ["rules": PolicyRule.observation.json]),
            ManagedObject(
                .clusterRoleBinding,
                Names.agent,
                labels: labels,
                ["roleRef": .reference(to: .clusterRole, Names.agent), "subjects": subjects]
            ),
            ManagedObject(.role, Names.agent, in: Names.namespace, labels: labels, ["rules": own.json]),
            ManagedObject(
                .roleBinding,
                Names.agent,
                in: Names.namespace,
                labels: labels,
                ["roleRef": .reference(to: .role, Names.agent), "subjects": subjects]
            ),
        ]
    }

    private var settings: [String: String] {
        var data = [AgentNames.HubKey.server: connection.server, AgentNames.HubKey.cluster: agent.metadata.name]
        data[AgentNames.HubKey.certificateAuthority] = connection.authority
        data[AgentNames.HubKey.proxyURL] = connection.proxyURL
        data[AgentNames.HubKey.hubUID] = connection.hubUID
        return data
    }

    /// Changes with what the agent's pod reads once, and makes a new one.
    var settingsHash: String { Hash.sha256(JSON.encode(JSONValue.strings(settings))) }

    private var configuration: ManagedObject {
        ManagedObject(.configMap, Names.hub, in: Names.namespace, labels: labels, ["data": .strings(settings)])
    }

    /// Where the agent keeps its own token; what is in it is the agent's.
    private var credentials: ManagedObject {
        ManagedObject(Secret.apiResource, Names.hub, in: Names.namespace, labels: labels, ["type": "Opaque"])
    }

    private var bootstrap: [ManagedObject] {
        guard let bootstrapToken else { return [] }
        return [
            ManagedObject(
                Secret.apiResource,
                Names.bootstrap,
                in: Names.namespace,
                labels: labels,
                ["type": "Opaque", "stringData": [AgentNames.tokenKey: .string(bootstrapToken.token)]]
            )
        ]
    }

    private var noToken: ManagedObject {
        ManagedObject(Secret.apiResource, Names.bootstrap, in: Names.namespace, labels: labels)
    }

    private var deployment: ManagedObject {
        var arguments = [
            "agent", "--cluster", "$(CLUSTER)", "--hub-server", "$(HUB_SERVER)", "--hub-credentials-secret", Names.hub,
            "--bootstrap-token-file", "\(Self.bootstrapDirectory)/\(AgentNames.tokenKey)", "--namespace",
            "$(POD_NAMESPACE)", "--deployment", Names.agent,
        ]
        var environment = [
            variable("CLUSTER", AgentNames.HubKey.cluster), variable("HUB_SERVER", AgentNames.HubKey.server),
        ]
        if connection.authority != nil {
            arguments += ["--hub-ca-file", "\(Self.hubDirectory)/\(AgentNames.HubKey.certificateAuthority)"]
        }
        if connection.proxyURL != nil {
            arguments += ["--hub-proxy-url", "$(HUB_PROXY_URL)"]
            environment.append(variable("HUB_PROXY_URL", AgentNames.HubKey.proxyURL))
        }
        let pod = AgentPod(
            settings: agent.spec.agent,
            image: image,
            serviceAccount: Names.agent,
            labels: labels,
            arguments: arguments,
            environment: environment,
            mounts: [
                AgentPod.Mount(
                    name: "hub",
                    path: Self.hubDirectory,
                    source: ("configMap", ["name": .string(Names.hub)])
                ),
                AgentPod.Mount(
                    name: "bootstrap",
                    path: Self.bootstrapDirectory,
                    source: (
                        "secret",
                        ["secretName": .string(Names.bootstrap), "optional": true, "defaultMode": 0o440]
                    )
                ),
            ],
            configurationHash: settingsHash
        )
        return pod.deployment(Names.agent, in: Names.namespace)
    }

    private func variable(_ name: String, _ key: String) -> JSONValue {
        [
            "name": .string(name),
            "valueFrom": ["configMapKeyRef": ["name": .string(Names.hub), "key": .string(key)]],
        ]
    }
}
