// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing
import YAML

@testable import AetheriusOperator

@Suite("The chart's rights, and what the operator does with them", .timeLimit(.minutes(15)))
struct OperatorRightsTests {
    @Test("given the rights of the chart and no others, then agents are connected, used, and removed without a refusal")
    func chartRights() async throws {
        try await TestCluster.withOwn { hub in try await connect(hub) }
    }

    private func connect(_ hub: TestCluster) async throws {
        try await RunningOperator.prepare(hub)
        let golden = RepositoryPaths.root + "/charts/aetherius/ci/golden/default.yaml"
        try await hub.kubectl("apply", "--server-side", "-f", golden)
        let token = try await hub.client.requestToken(
            serviceAccount: "aetherius",
            namespace: RunningOperator.namespace,
            TokenRequest(expirationSeconds: 3600)
        )
        try await withDirectory { directory in
            let authority = [UInt8](try Data(contentsOf: URL(filePath: "\(hub.certificates)/ca.crt")))
            let kubeconfig = """
                {kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],
                users: [{name: a, user: {token: "\(token.token)"}}],
                clusters: [{name: a, cluster: {server: "\(hub.client.configuration.server)",
                certificate-authority-data: \(Base64.encode(authority))}}]}
                """
            try Data(kubeconfig.utf8).write(to: URL(filePath: "\(directory)/kubeconfig"))
            let program = RunningOperator.launch(
                on: hub,
                identity: "chart",
                kubeconfig: "\(directory)/kubeconfig",
                observesLocal: true
            )
            try await RunningOperator.waitUntilReady(program, on: hub)
            try await use(hub)
            try await watch(hub)
            let metrics = try await HTTPAnswer.of(try await program.address(of: "metrics") + "/metrics").body
            let refusals = metrics.split(separator: "\n").filter { line in
                ["401", "403"].contains { line.hasPrefix("rest_client_requests_total{code=\"\($0)\"") }
            }
            #expect(refusals == [])
            try await giveLocalItsOwn(hub)
            program.terminate()
            #expect(try await program.ending().exitCode == 0)
        }
    }

    private func use(_ hub: TestCluster) async throws {
        _ = try await hub.makeRemoteAgent("edge") { $0.heartbeat.offlineAfterSeconds = 300 }
        let printed = try await ProgramUnderTest(
            "aetherius",
            ["agent", "manifest", "edge", "--kubeconfig", hub.kubeconfig]
        ).ending()
        #expect(printed.exitCode == 0, "\(printed.errors)")
        let objects = try YAML.decodeAll(Array(printed.output.utf8)).map { DynamicObject($0) }
        #expect(objects.map(\.kind).last == "Deployment")
        let agent = try await TestAgent(name: "edge", on: hub).withOwnToken(on: hub)
        try await agent.report(clusterUID: "edge-uid")
        try await agent.beat()
        _ = try await hub.agent("edge") { $0.status.phase == .online }

        try await hub.makeKubeconfigSecret("target", of: hub)
        var hosted = ClusterAgent(metadata: ObjectMeta(name: "hosted"), spec: .init(mode: .hosted))
        hosted.spec.accepted = true
        hosted.spec.target.kubeconfigSecretRef = .init(name: "target")
        _ = try await hub.client.resources(ClusterAgent.self).create(hosted)
        _ = try await hub.agent("hosted") { $0.status.conditions[ConditionType.deployed]?.reason == "Progressing" }

        var task = DiagnosticTask(
            metadata: ObjectMeta(name: "far", namespace: RunningOperator.namespace),
            spec: .init()
        )
        task.spec.clusterRef = NameReference(name: "edge")
        _ = try await hub.tasks(in: RunningOperator.namespace).create(task)
        let mailbox = hub.tasks(in: AgentNames.mailbox("edge"))
        for try await event in try await mailbox.watch(WatchOptions(resourceVersion: "0")) {
            if case .added = event { break }
        }
        for name in ["edge", "hosted"] {
            try await hub.client.resources(ClusterAgent.self).delete(name)
            try await hub.client.resources(ClusterAgent.self).waitForDeletion(of: name)
        }
    }

    /// An incident of the operator's own cluster, which becomes worse.
    private func watch(_ hub: TestCluster) async throws {
        let namespace = try await hub.makeNamespace("shop")
        let pod = try await hub.makeDeployment("web", in: namespace)
        try await hub.setStatus(ofPod: pod, in: namespace, TestCluster.crashLooping("no database"))
        let container = ObjectReference.container("app", of: pod, in: namespace)
        try await hub.recordEvent("a", "Unhealthy", about: container, message: "Liveness probe failed")
        let tasks = hub.tasks(in: RunningOperator.namespace)
        var name = ""
        for try await event in try await tasks.watch(WatchOptions(resourceVersion: "0")) {
            guard case .added(let task) = event, task.spec.target?.name == "web" else { continue }
            #expect(task.spec.severity == .medium)
            name = task.metadata.name
            break
        }
        try await hub.recordEvent("b", "BackOff", about: container, message: "Back-off restarting failed container")
        let worse = try await tasks.wait(for: name) { $0.spec.severity == .high && $0.status.isFinished }
        #expect(worse.status.phase == .completed)
        let local = try await hub.agent("local") {
            $0.status.agent?.summary?.nodes != nil && $0.status.agent?.metrics != nil
        }
        #expect(local.status.conditions.isTrue(ConditionType.collectionHealthy))
        #expect(local.status.agent?.metrics?.values["usageAvailable"] == 0)
    }

    /// What the chart gives only on request, and what the conditions say without it.
    private func giveLocalItsOwn(_ hub: TestCluster) async throws {
        let agents = hub.client.resources(ClusterAgent.self)
        func annotate(_ value: JSONValue) async throws {
            let change: JSONValue = ["metadata": ["annotations": [AnnotationKey.ownDeployment: value]]]
            _ = try await agents.patch("local", .merge(change))
        }
        try await annotate("true")
        let refused = try await hub.agent("local") {
            $0.status.conditions[ConditionType.deployed]?.reason == "OperatorForbidden"
        }
        #expect(refused.status.phase == .registering)
        #expect(
            refused.status.conditions[ConditionType.deployed]?.message.hasPrefix("set agents.localDeployment") == true
        )
        try await hub.kubectl(
            "create",
            "clusterrolebinding",
            "more",
            "--clusterrole=cluster-admin",
            "--serviceaccount=\(RunningOperator.namespace):aetherius"
        )
        _ = try await hub.agent("local") { $0.status.conditions[ConditionType.deployed]?.reason == "Progressing" }
        let deployments = hub.client.resources(
            DynamicObject.self,
            of: Workload.kinds[0],
            namespace: AgentNames.namespace
        )
        _ = try await deployments.get(AgentNames.deployment("local"))
        try await annotate(.null)
        let back = try await hub.agent("local") { $0.status.phase == .online && $0.metadata.finalizers.isEmpty }
        #expect(back.status.conditions.isTrue(ConditionType.ready))
        try await deployments.waitForDeletion(of: AgentNames.deployment("local"))
    }

    @Test("given what an agent reads in its cluster, then the chart's rules for a Local one are the same")
    func observationRules() throws {
        let text = try String(
            contentsOfFile: RepositoryPaths.root + "/charts/aetherius/templates/_rules.tpl",
            encoding: .utf8
        )
        let begin = try #require(text.firstRange(of: "define \"aetherius.rules.observation\" -}}\n")).upperBound
        let end = try #require(text[begin...].firstRange(of: "{{- end }}")).lowerBound
        #expect(try YAML.decode(Array(text[begin..<end].utf8)) == PolicyRule.observation.json)
    }

    @Test("given the example of an account for a Hosted agent, then it may read what a Remote agent may, and no more")
    func observerExample() throws {
        let text = try Data(contentsOf: URL(filePath: RepositoryPaths.root + "/examples/fleet/observer.yaml"))
        let objects = try YAML.decodeAll([UInt8](text)).map { DynamicObject($0) }
        #expect(objects.map(\.kind) == ["Namespace", "ServiceAccount", "Secret", "ClusterRole", "ClusterRoleBinding"])
        let account = try #require(objects.first { $0.kind == "ServiceAccount" }).metadata
        let role = try #require(objects.first { $0.kind == "ClusterRole" })
        #expect(role.value["rules"] == PolicyRule.observation.json)
        let binding = try #require(objects.last).value
        #expect(binding["roleRef"] == .reference(to: .clusterRole, role.metadata.name))
        let subject: JSONValue = [
            "kind": "ServiceAccount", "name": .string(account.name), "namespace": .string(account.namespace ?? ""),
        ]
        #expect(binding["subjects"] == [subject])
        let secret = try #require(objects.first { $0.kind == "Secret" })
        #expect(secret.metadata.annotations["kubernetes.io/service-account.name"] == account.name)
        #expect(secret.metadata.namespace == account.namespace)
    }

    @Test("given a name without a manifest, then the command says what is the matter, with exit code 2")
    func noManifest() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("unaccepted", accepted: false)
        for (name, expected) in [
            ("nobody", "there is no ClusterAgent nobody"), ("local", "has mode Local"),
            ("unaccepted", "set spec.accepted to true"),
        ] {
            let printed = try await ProgramUnderTest(
                "aetherius",
                ["agent", "manifest", name, "--kubeconfig", hub.kubeconfig]
            ).ending()
            #expect(printed.exitCode == 2)
            #expect(printed.errors.contains(expected), "\(printed.errors)")
            #expect(printed.output.isEmpty)
        }
        try await hub.client.resources(ClusterAgent.self).delete("unaccepted")
    }
}
