// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("The program aetherius agent", .timeLimit(.minutes(5)))
struct ProgramEndToEndTests {
    private static let secrets = APIResource(group: "", version: "v1", kind: "Secret", plural: "secrets")

    private func address(of site: String, _ program: ProgramUnderTest) async throws -> String {
        let line = await program.errorLine(containing: "serving HTTP", "\"site\":\"\(site)\"")
        guard let line, let log = try? JSON.decode(JSONValue.self, from: Array(line.utf8)),
            let port = log["port"]?.stringValue
        else { throw TestClusterError(message: "the agent ended: \(try await program.ending().errors)") }
        return "http://127.0.0.1:\(port)"
    }

    private func launch(_ ground: AgentGround, _ more: String...) -> ProgramUnderTest {
        ProgramUnderTest(
            "aetherius",
            [
                "agent", "--cluster", ground.name, "--hub-server", ground.cluster.client.configuration.server,
                "--hub-ca-file", ground.cluster.authorityFile, "--listen", "127.0.0.1:0", "--metrics-listen",
                "127.0.0.1:0", "--log-format", "json", "--namespace", ground.namespace,
            ] + more
        )
    }

    private func secret(_ name: String, _ data: [String: String], _ ground: AgentGround) async throws {
        var arguments: JSONValue = [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": ["name": .string(name), "namespace": .string(ground.namespace)],
        ]
        var strings: JSONValue = [:]
        for (key, text) in data { strings[key] = .string(text) }
        arguments["stringData"] = strings
        try await ground.cluster.kubectl(
            "apply",
            "-f",
            "-",
            input: String(decoding: JSON.encode(arguments), as: UTF8.self)
        )
    }

    private static let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: aetherius-agent}
        spec:
          replicas: 0
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec:
              containers: [{name: agent, image: "aetherius:1"}]
        """

    @Test(
        "given nothing but a token to register with, then the agent gets one of its own, keeps it, keeps its Deployment in step, and ends with a goodbye"
    )
    func remote() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster)
        try await withDirectory { directory in
            let kubeconfig = try await cluster.selfContainedKubeconfig(account: ground.namespace, in: ground.namespace)
            try Data(kubeconfig).write(to: URL(filePath: directory + "/kubeconfig"))
            let token = try await ground.token()
            try Data(token.utf8).write(to: URL(filePath: directory + "/bootstrap"))
            try await secret(AgentNames.Remote.bootstrap, ["token": token], ground)
            try await secret(AgentNames.Remote.hub, [:], ground)
            try await cluster.kubectl("apply", "--namespace", ground.namespace, "-f", "-", input: Self.deployment)
            let program = launch(
                ground,
                "--hub-credentials-secret",
                AgentNames.Remote.hub,
                "--bootstrap-token-file",
                directory + "/bootstrap",
                "--target-kubeconfig",
                directory + "/kubeconfig",
                "--deployment",
                "aetherius-agent"
            )
            let secrets = cluster.client.resources(DynamicObject.self, of: Self.secrets, namespace: ground.namespace)
            let kept = try await secrets.wait(for: AgentNames.Remote.hub) { $0.value.value(at: "data", "token") != nil }
            let own = try #require(kept.value.value(at: "data", "token")?.stringValue.flatMap { Base64.decode($0) })
            #expect(String(decoding: own, as: UTF8.self) != token)
            try await secrets.waitForDeletion(of: AgentNames.Remote.bootstrap)
            _ = try await ground.leases.wait(for: ground.name) { !($0.holderIdentity ?? "").isEmpty }
            _ = try await ground.report { $0.clusterUID != nil }

            let metrics = try await HTTPAnswer.of(try await address(of: "metrics", program) + "/metrics")
            #expect(metrics.body.contains("aetherius_agent_events_total{cluster_id=\"\(ground.name)\"}"))
            #expect(metrics.body.contains("aetherius_agent_credential_expiry_timestamp_seconds"))
            let live = try await HTTPAnswer.of(try await address(of: "health", program) + "/health/live")
            #expect(live.status == 200)

            let image: JSONValue = ["spec": ["agent": ["image": "aetherius:2"]]]
            _ = try await ground.agents.patch(ground.name, .merge(image))
            let deployments = cluster.client.resources(
                DynamicObject.self,
                of: APIResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments"),
                namespace: ground.namespace
            )
            let updated = try await deployments.wait(for: "aetherius-agent") {
                let containers = $0.value.value(at: "spec", "template", "spec", "containers")?.arrayValue
                return containers?.first?["image"] == "aetherius:2"
            }
            let containers = updated.value.value(at: "spec", "template", "spec", "containers")?.arrayValue
            #expect(containers?.first?.value(at: "resources", "limits", "memory") == "256Mi")

            // What would run a program is not used, and what was used before goes on.
            let dangerous = TestCluster.kubeconfig(
                server: cluster.client.configuration.server,
                authority: "",
                user: ["exec": ["apiVersion": "client.authentication.k8s.io/v1", "command": "sh"]]
            )
            try Data(dangerous).write(to: URL(filePath: directory + "/kubeconfig"), options: .atomic)
            let refusal = await program.errorLine(containing: "the target's kubeconfig cannot be used")
            #expect(refusal?.contains("user.exec") == true, "\(refusal ?? "")")

            program.terminate()
            let ending = try await program.ending()
            #expect(ending.exitCode == 0, "\(ending.errors)")
            #expect(!ending.errors.contains(token))
            #expect(!ending.errors.contains(String(decoding: own, as: UTF8.self)))
            #expect(try await ground.leases.get(ground.name).holderIdentity ?? "" == "")
        }
    }

    @Test(
        "given settings that cannot be, then one line says which, and the exit code is 64",
        arguments: [
            ("agent", "--cluster is missing"),
            ("agent --cluster a --hub-ca-file f", "--hub-ca-file has a meaning only with --hub-server"),
            ("agent --cluster a --hub-server http://h --hub-token-file f", "--hub-server has to begin with https://"),
            ("agent --cluster a --hub-server https://h", "--hub-server needs one of --hub-token-file and"),
            (
                "agent --cluster a --hub-server https://h --hub-token-file f --hub-kubeconfig k",
                "--hub-kubeconfig and --hub-server exclude each other"
            ),
            ("agent --cluster a --listen :7 --metrics-listen :7", "--metrics-listen has to differ from --listen"),
        ]
    )
    func settings(line: String, message: String) async throws {
        let program = ProgramUnderTest("aetherius", line.split(separator: " ").map(String.init))
        let ending = try await program.ending()
        #expect(ending.exitCode == 64)
        #expect(ending.errors.contains(message), "\(ending.errors)")
    }
}
