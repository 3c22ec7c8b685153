// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("Remote agents on a real API server", .timeLimit(.minutes(15)))
struct RemoteAgentTests {
    @Test(
        "given an applied ClusterAgent, then what the operator hands out is enough to register, and becomes worthless"
    )
    func registration() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("registering") { $0.heartbeat.offlineAfterSeconds = 300 }
        let waiting = try await hub.agent("registering") { $0.status.phase == .registering }
        #expect(waiting.status.conditions[ConditionType.deployed]?.reason == "ManifestNotApplied")
        #expect(waiting.metadata.finalizers.isEmpty)

        let bootstrap = try await TestAgent(name: "registering", on: hub)
        let agent = try await bootstrap.withOwnToken(on: hub)
        try await agent.beat()
        try await agent.report(clusterUID: "registering-uid")
        let online = try await hub.agent("registering") { $0.status.phase == .online }
        #expect(online.metadata.annotations[AnnotationKey.clusterUID] == "registering-uid")
        #expect(online.status.hub?.clusterUID == "registering-uid")
        #expect(online.status.agent?.version == "0.1.0", "the agent's side is left alone")
        #expect(online.status.conditions.isTrue(ConditionType.ready))

        // From now on the token that stood in a file is worth nothing, and the manifest has none.
        let secrets = hub.client.resources(DynamicObject.self, of: Secret.apiResource, namespace: AgentNames.namespace)
        try await secrets.waitForDeletion(of: AgentNames.bootstrap("registering"))
        let install = try await secrets.wait(for: AgentNames.install("registering")) {
            $0.value.value(at: "data", AgentNames.tokenKey) == nil
        }
        let objects = try TestAgent.manifest(in: install)
        #expect(!objects.contains { $0.metadata.name == AgentNames.Remote.bootstrap })
        try await bootstrap.client.waitUntilRefused()
        // Throws if its own token were refused too.
        _ = try await agent.client.selfSubjectAccessReview(.resource(.init(verb: "get", resource: "pods")))

        // What the connection is to be now reaches the far cluster only by somebody who applies it there.
        try await hub.setProxy("http://127.0.0.1:9", of: "registering")
        let outdated = try await hub.agent("registering") {
            $0.status.conditions[ConditionType.deployed]?.reason == "ManifestOutdated"
        }
        #expect(outdated.status.phase == .online)
        try await hub.setProxy(nil, of: "registering")
        _ = try await hub.agent("registering") { $0.status.conditions[ConditionType.deployed]?.reason == "Running" }

        // The manifest is made again while nothing else happens.
        let present = try await secrets.get(AgentNames.install("registering"))
        try await secrets.delete(AgentNames.install("registering"))
        let remade = try await secrets.wait(for: AgentNames.install("registering")) {
            $0.metadata.uid != present.metadata.uid
        }
        #expect(remade.value.value(at: "data", AgentNames.manifestKey) != nil)

        // A Lease that somebody deletes comes back, and that is no goodbye.
        let leases = hub.client.resources(Lease.self, namespace: AgentNames.mailbox("registering"))
        let lease = try await leases.get(AgentNames.lease("registering"))
        try await leases.delete(lease.metadata.name)
        let changes = try await leases.watch(WatchOptions(resourceVersion: lease.metadata.resourceVersion))
        for try await event in changes {
            if case .added(let new) = event, new.metadata.uid != lease.metadata.uid { break }
        }
        #expect(try await hub.client.resources(ClusterAgent.self).get("registering").status.phase == .online)
        try await agent.beat()

        try await agent.sayGoodbye()
        let gone = try await hub.agent("registering") { $0.status.phase == .offline }
        #expect(gone.status.conditions[ConditionType.online]?.reason == "Goodbye")
        #expect(gone.status.hub?.offlineSince != nil)
        try await agent.beat(holder: "instance-2")
        let back = try await hub.agent("registering") { $0.status.phase == .online }
        #expect(back.status.hub?.offlineSince == nil)

        try await hub.client.resources(ClusterAgent.self).delete("registering")
        try await hub.client.resources(ClusterAgent.self).waitForDeletion(of: "registering")
        try await hub.client.resources(Namespace.self).waitForDeletion(of: AgentNames.mailbox("registering"))
        #expect(try await secrets.list(ListOptions(labelSelector: "\(LabelKey.cluster)=registering")).items.isEmpty)
        try await agent.client.waitUntilRefused()
    }

    @Test("given an agent whose clock is an hour off, then it is online while it beats, and offline when it stops")
    func clocks() async throws {
        let hub = try await RunningOperator.shared()
        for (name, offset) in [("early", Duration.seconds(3600)), ("late", .seconds(-3600))] {
            _ = try await hub.makeRemoteAgent(name)
            let agent = try await TestAgent(name: name, on: hub)
            try await agent.report(clusterUID: "\(name)-uid")
            try await agent.beat(offset: offset)
            _ = try await hub.agent(name) { $0.status.phase == .online }
        }
        for (name, offset) in [("early", Duration.seconds(3600)), ("late", .seconds(-3600))] {
            let offline = try await hub.agent(name) { $0.status.phase == .offline }
            #expect(offline.status.conditions[ConditionType.online]?.reason == "HeartbeatStopped")
            let heard = try #require(offline.status.hub?.lastHeartbeatObserved)
            #expect(
                abs(heard.since(.now) / .seconds(1)) < 1800,
                "the hub's clock counts, not one that is \(offset) off"
            )
        }
        for name in ["early", "late"] { try await hub.client.resources(ClusterAgent.self).delete(name) }
    }

    @Test(
        "given another cluster under a name, or the same one under two, then that is a conflict with both names in it"
    )
    func conflicts() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("pinned")
        let agent = try await TestAgent(name: "pinned", on: hub).withOwnToken(on: hub)
        try await agent.report(clusterUID: "pinned-uid")
        try await agent.beat()
        _ = try await hub.agent("pinned") { $0.status.phase == .online }
        try await agent.report(clusterUID: "foreign-uid")
        let mismatch = try await hub.agent("pinned") { $0.status.phase == .registering }
        #expect(mismatch.status.conditions[ConditionType.registered]?.reason == "IdentityMismatch")
        #expect(mismatch.status.conditions.isTrue(ConditionType.stalled))

        _ = try await hub.makeRemoteAgent("pinned-again")
        let second = try await TestAgent(name: "pinned-again", on: hub)
        try await second.report(clusterUID: "pinned-uid")
        try await second.beat()
        let duplicate = try await hub.agent("pinned-again") {
            $0.status.conditions[ConditionType.registered]?.reason == "DuplicateCluster"
        }
        #expect(duplicate.status.conditions[ConditionType.registered]?.message.contains("pinned ") == true)
        #expect(duplicate.metadata.annotations[AnnotationKey.clusterUID] == nil)
        for name in ["pinned", "pinned-again"] { try await hub.client.resources(ClusterAgent.self).delete(name) }
    }

    @Test("given an agent that lies about the hub's side of its status, then the operator puts it right")
    func forgedStatus() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("forging")
        let agent = try await TestAgent(name: "forging", on: hub).withOwnToken(on: hub)
        try await agent.report(clusterUID: "forging-uid")
        try await agent.beat()
        _ = try await hub.agent("forging") { $0.status.phase == .online }
        let forged: JSONValue = ["status": ["hub": ["clusterUID": "other-uid"]]]
        _ = try await agent.client.resources(ClusterAgent.self).patch("forging", .merge(forged), subresource: "status")
        let repaired = try await hub.agent("forging") { $0.status.hub?.clusterUID == "forging-uid" }
        #expect(repaired.status.phase == .online)
        try await hub.client.resources(ClusterAgent.self).delete("forging")
    }

    @Test("given a mode that is changed where the server lets it, then nothing is done until it is changed back")
    func mode() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("turning")
        _ = try await hub.agent("turning") {
            $0.status.conditions[ConditionType.deployed]?.reason == "ManifestNotApplied"
        }
        try await hub.makeSecret("turned", ["kubeconfig": Self.lonelyKubeconfig])
        let agents = hub.client.resources(ClusterAgent.self)
        let hosted: JSONValue = ["spec": ["mode": "Hosted", "target": ["kubeconfigSecretRef": ["name": "turned"]]]]
        _ = try await agents.patch("turning", .merge(hosted))
        let stalled = try await hub.agent("turning") { $0.status.conditions.isTrue(ConditionType.stalled) }
        let message = stalled.status.conditions[ConditionType.ready]?.message ?? ""
        #expect(message.hasPrefix("spec.mode: cannot be changed from Remote to Hosted"), "\(message)")
        let deployments = hub.client.resources(
            DynamicObject.self,
            of: Workload.kinds[0],
            namespace: AgentNames.namespace
        )
        let made = try await deployments.list(ListOptions(labelSelector: "\(LabelKey.cluster)=turning"))
        #expect(made.items.isEmpty)
        let remote: JSONValue = ["spec": ["mode": "Remote", "target": nil]]
        _ = try await agents.patch("turning", .merge(remote))
        _ = try await hub.agent("turning") {
            !$0.status.conditions.isTrue(ConditionType.stalled)
                && $0.status.conditions[ConditionType.ready]?.reason != "InvalidSpec"
        }
        try await agents.delete("turning")
    }

    @Test("given certificates that are none, then the field is named instead of handing them out")
    func authority() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("distrusted") {
            $0.connection.caBundle = Base64.encode(Array("not a certificate".utf8))
        }
        let refused = try await hub.agent("distrusted") {
            $0.status.conditions[ConditionType.deployed]?.reason == "InvalidConfiguration"
        }
        let message = refused.status.conditions[ConditionType.deployed]?.message ?? ""
        #expect(message.hasPrefix("spec.connection.caBundle, decoded, holds no PEM block"), "\(message)")
        try await hub.client.resources(ClusterAgent.self).delete("distrusted")
    }

    @Test("given a namespace with the name of a mailbox that is somebody else's, then it is neither used nor deleted")
    func foreignNamespace() async throws {
        let hub = try await RunningOperator.shared()
        let namespaces = hub.client.resources(Namespace.self)
        _ = try await namespaces.create(Namespace(metadata: ObjectMeta(name: AgentNames.mailbox("taken"))))
        _ = try await hub.makeRemoteAgent("taken")
        let refused = try await hub.agent("taken") {
            $0.status.conditions[ConditionType.deployed]?.reason == "InvalidConfiguration"
        }
        #expect(refused.status.conditions[ConditionType.deployed]?.message.contains("aetherius-agent-taken") == true)
        try await hub.client.resources(ClusterAgent.self).delete("taken")
        try await hub.client.resources(ClusterAgent.self).waitForDeletion(of: "taken")
        let namespace = try await namespaces.get(AgentNames.mailbox("taken"))
        #expect(namespace.metadata.deletionTimestamp == nil)
        try await namespaces.delete(namespace.metadata.name)
    }

    @Test(
        "given a Hosted agent, then its Deployment has the account, the kubeconfig and the settings of the ClusterAgent"
    )
    func hosted() async throws {
        let hub = try await RunningOperator.shared()
        try await hub.makeKubeconfigSecret("target", of: hub)
        var agent = ClusterAgent(metadata: ObjectMeta(name: "hosted"), spec: .init(mode: .hosted))
        agent.spec.accepted = true
        agent.spec.target.kubeconfigSecretRef = .init(name: "target")
        agent.spec.agent.nodeSelector = ["disk": "ssd"]
        agent.spec.agent.image = "registry.local/other:2"
        _ = try await hub.client.resources(ClusterAgent.self).create(agent)
        let waiting = try await hub.agent("hosted") {
            $0.status.conditions[ConditionType.deployed]?.reason == "Progressing"
        }
        #expect(waiting.status.phase == .registering)
        let deployments = hub.client.resources(
            DynamicObject.self,
            of: Workload.kinds[0],
            namespace: AgentNames.namespace
        )
        let deployment = try await deployments.wait(for: AgentNames.deployment("hosted")) { _ in true }
        let pod = try #require(deployment.value.value(at: "spec", "template", "spec"))
        #expect(pod["serviceAccountName"] == "hosted")
        #expect(pod.value(at: "nodeSelector", "disk") == "ssd")
        #expect(pod["volumes"]?.arrayValue?.first?.value(at: "secret", "secretName") == "target")
        let container = try #require(pod["containers"]?.arrayValue?.first)
        #expect(container["image"] == "registry.local/other:2")
        #expect(container["args"]?.arrayValue?.contains("/etc/aetherius/target/kubeconfig") == true)
        #expect(container.value(at: "resources", "limits", "memory") == "256Mi")

        let change: JSONValue = ["spec": ["accepted": false]]
        _ = try await hub.client.resources(ClusterAgent.self).patch("hosted", .merge(change))
        try await deployments.waitForDeletion(of: AgentNames.deployment("hosted"))
        try await hub.client.resources(ClusterAgent.self).delete("hosted")
        try await hub.client.resources(ClusterAgent.self).waitForDeletion(of: "hosted")
    }
}
