// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import Testing
import YAML

@testable import AetheriusOperator

@Suite("What is made for agents")
struct RenderingTests {
    private func remote(
        token: String? = nil,
        _ change: (inout ClusterAgent.Spec) -> Void = { _ in }
    ) -> RemoteAgent {
        var agent = ClusterAgent(metadata: ObjectMeta(name: "edge"), spec: .init(mode: .remote))
        change(&agent.spec)
        return RemoteAgent(
            agent: agent,
            image: "registry.local/a:1",
            connection: .init(server: "https://hub:6443", authority: "PEM", proxyURL: nil, hubUID: "hub-uid"),
            bootstrapToken: token.map { ServiceAccountToken(token: $0, expiration: Timestamp(seconds: 1)) }
        )
    }

    private func objects(_ remote: RemoteAgent) throws -> [DynamicObject] {
        try YAML.decodeAll(Array(remote.manifest.utf8)).map { DynamicObject($0) }
    }

    private func container(_ remote: RemoteAgent) throws -> JSONValue {
        let deployment = try #require(try objects(remote).last)
        return try #require(
            deployment.value.value(at: "spec", "template", "spec", "containers")?.arrayValue?.first
        )
    }

    @Test("given a manifest, then it is YAML in an order in which it can be applied")
    func order() throws {
        let all = try objects(remote(token: "secret"))
        #expect(
            all.map(\.kind) == [
                "Namespace", "ConfigMap", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",
                "Secret", "Secret", "Deployment",
            ]
        )
        #expect(all.allSatisfy { $0.metadata.labels[LabelKey.managedBy] == "aetherius" })
        #expect(try objects(remote()).count == 9)
        for removed in [remote().removed, remote(token: "secret").removed] {
            #expect(removed.first?.resource == .deployment)
            #expect(removed.last?.resource == .configMap)
            #expect(removed.contains { $0.name == AgentNames.Remote.bootstrap })
            #expect(!removed.contains { $0.resource == Namespace.apiResource })
        }
    }

    @Test("given a manifest, then the agent's own Secret has no content that would replace the agent's token")
    func ownSecret() throws {
        let secret = try objects(remote(token: "secret")).first {
            $0.metadata.name == AgentNames.Remote.hub && $0.kind == "Secret"
        }
        #expect(secret?.value["data"] == nil)
        #expect(secret?.value["stringData"] == nil)
    }

    @Test("given settings of the connection, then the container has a flag for each, and none for what is not set")
    func flags() throws {
        let arguments = try container(remote())["args"]?.arrayValue ?? []
        #expect(arguments.contains("/etc/aetherius/hub/ca.crt"))
        #expect(!arguments.contains("--hub-proxy-url"))
        var proxied = remote()
        proxied = RemoteAgent(
            agent: proxied.agent,
            image: proxied.image,
            connection: .init(server: "https://hub", proxyURL: "http://proxy:3128")
        )
        let others = try container(proxied)["args"]?.arrayValue ?? []
        #expect(others.contains("--hub-proxy-url"))
        #expect(!others.contains("--hub-ca-file"))
    }

    @Test("given another server, then the pod is made anew; given another token, it is not")
    func rollout() throws {
        func hash(_ remote: RemoteAgent) throws -> JSONValue? {
            try objects(remote).last?.value
                .value(at: "spec", "template", "metadata", "annotations", AnnotationKey.configurationHash)
        }
        let other = RemoteAgent(agent: remote().agent, image: "i", connection: .init(server: "https://other"))
        #expect(try hash(remote()) != nil)
        #expect(try hash(remote()) != hash(other))
        #expect(try hash(remote()) == hash(remote(token: "t")))
    }

    @Test("given any agent, then its pod runs as an ordinary user without anything it does not need")
    func security() throws {
        let deployment = try #require(try objects(remote()).last)
        let pod = try #require(deployment.value.value(at: "spec", "template", "spec"))
        #expect(pod.value(at: "securityContext", "runAsNonRoot") == true)
        #expect(pod.value(at: "securityContext", "seccompProfile", "type") == "RuntimeDefault")
        let container = try container(remote())
        #expect(container.value(at: "securityContext", "capabilities", "drop") == ["ALL"])
        #expect(container.value(at: "securityContext", "readOnlyRootFilesystem") == true)
        #expect(container.value(at: "livenessProbe", "initialDelaySeconds") == 30)
        #expect(container.value(at: "readinessProbe", "periodSeconds") == 5)
        #expect(container.value(at: "resources", "requests", "cpu") == "100m")
    }

    @Test("given settings of the agent, then the pod has them")
    func settings() throws {
        let remote = remote {
            var toleration = ClusterAgent.Toleration()
            toleration.key = "edge"
            $0.agent.tolerations = [toleration]
            $0.agent.nodeSelector = ["a": "b"]
            $0.agent.resources = .init(limits: ["memory": "1Gi"])
        }
        let pod = try #require(try objects(remote).last?.value.value(at: "spec", "template", "spec"))
        #expect(pod["tolerations"]?.arrayValue?.first?["key"] == "edge")
        #expect(pod["nodeSelector"]?["a"] == "b")
        #expect(try container(remote).value(at: "resources", "limits", "memory") == "1Gi")
        #expect(try container(remote).value(at: "resources", "requests") == nil)
    }

    @Test("given an agent of the longest name, then every name that is made from it fits")
    func names() {
        let name = String(repeating: "a", count: ClusterAgent.maximumNameLength)
        #expect(
            AgentGrant(Self.accepted(name)).objects.allSatisfy {
                $0.name.count <= 63 && ($0.namespace?.count ?? 0) <= 63
            }
        )
        #expect(AgentNames.deployment(name).count <= 63)
        #expect(AgentNames.cluster(ofMailbox: AgentNames.mailbox(name)) == name)
        #expect(AgentNames.cluster(ofMailbox: AgentNames.mailboxPrefix) == nil)
    }

    @Test("given an agent, then all that is made for it goes with its ClusterAgent, but a mailbox that is still needed")
    func owners() throws {
        var agent = Self.accepted("edge")
        agent.metadata.uid = "edge-uid"
        let owner = { (object: ManagedObject) in
            object.value.value(at: "metadata", "ownerReferences")?.arrayValue?.first?["uid"]
        }
        #expect(AgentGrant(agent).objects.allSatisfy { owner($0) == "edge-uid" })
        agent.spec.target.kubeconfigSecretRef = .init(name: "far", key: "config")
        let objects = AgentGrant(agent).objects
        let mailbox = try #require(objects.first)
        #expect(owner(mailbox) == nil)
        #expect(objects[1].resource == Lease.apiResource && owner(objects[1]) == nil)
        #expect(objects.dropFirst(2).allSatisfy { owner($0) == "edge-uid" })
        let path = mailbox.value.value(at: "metadata", "annotations", AnnotationKey.targetKubeconfig)?.stringValue
        #expect(path.flatMap { ClusterAgent.KubeconfigReference(path: $0) } == agent.spec.target.kubeconfigSecretRef)
        #expect(ClusterAgent.KubeconfigReference(path: "far") == nil)
        // A Hosted agent's kubeconfig leads to nothing that has to be removed.
        agent.spec.mode = .hosted
        #expect(AgentGrant(agent).objects.allSatisfy { owner($0) == "edge-uid" })
    }

    @Test("given a mailbox, then it remembers the mode that it was made for, and says nothing about a new ClusterAgent")
    func mode() throws {
        var agent = Self.accepted("edge")
        agent.metadata.uid = "edge-uid"
        let mailbox = DynamicObject(AgentGrant(agent).mailboxNamespace.value).metadata
        #expect(AgentGrant(agent).modeError(mailbox) == nil)
        agent.spec.mode = .hosted
        let error = try #require(AgentGrant(agent).modeError(mailbox))
        #expect(error.description.hasPrefix("spec.mode: cannot be changed from Remote to Hosted; "))
        agent.metadata.uid = "another-uid"
        #expect(AgentGrant(agent).modeError(mailbox) == nil)
        agent.metadata.uid = "edge-uid"
        var older = mailbox
        older.annotations = [:]
        #expect(AgentGrant(agent).modeError(older) == nil)
        var foreign = mailbox
        foreign.labels = [:]
        #expect(AgentGrant(agent).modeError(foreign) == nil)
    }

    private static func accepted(_ name: String) -> ClusterAgent {
        var agent = ClusterAgent(metadata: ObjectMeta(name: name), spec: .init(mode: .remote))
        agent.spec.accepted = true
        return agent
    }

    @Test("given what takes rights away, then the bindings go first and the mailbox stays")
    func revocation() {
        let grant = AgentGrant(cluster: "edge")
        #expect(grant.revoked.prefix(3).allSatisfy { $0.resource.kind.hasSuffix("Binding") })
        #expect(grant.revoked.contains { $0.resource.kind == "ServiceAccount" })
        #expect(!grant.revoked.contains { ["Namespace", "Lease"].contains($0.resource.kind) })
    }
}
