// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

/// One operator at a time on a control plane of their own: they would work on one another's tasks.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct OperationEndToEndTests {
    static let cluster = Task {
        let cluster = try await TestCluster.start()
        try await RunningOperator.prepare(cluster)
        return cluster
    }

    /// A kubeconfig file with the rights of a service account, which may do everything in some namespaces, and
    /// outside of them nothing but what each account may.
    private func restrictedKubeconfig(
        _ cluster: TestCluster,
        namespaces: [String],
        clusterRules: String = "[]",
        in directory: String
    ) async throws -> String {
        let account = "restricted-\(namespaces[0])"
        var manifest = """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: \(account), namespace: \(RunningOperator.namespace)}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: \(account)}
            rules: \(clusterRules)
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: \(account)}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \(account)}
            subjects: [{kind: ServiceAccount, name: \(account), namespace: \(RunningOperator.namespace)}]
            """
        for namespace in namespaces + [RunningOperator.namespace] {
            manifest += """

                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: \(account), namespace: \(namespace)}
                rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: \(account), namespace: \(namespace)}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: \(account)}
                subjects: [{kind: ServiceAccount, name: \(account), namespace: \(RunningOperator.namespace)}]
                """
        }
        try await cluster.kubectl("apply", "-f", "-", input: manifest)
        let token = try await token(of: account, in: RunningOperator.namespace, cluster)
        let path = "\(directory)/kubeconfig"
        let text = """
            apiVersion: v1
            kind: Config
            current-context: restricted
            clusters:
            - name: local
              cluster:
                server: \(cluster.client.configuration.server)
                certificate-authority: \(cluster.certificates)/ca.crt
            contexts: [{name: restricted, context: {cluster: local, user: restricted}}]
            users: [{name: restricted, user: {token: "\(token)"}}]
            """
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private func token(of account: String, in namespace: String, _ cluster: TestCluster) async throws -> String {
        let options = TokenRequest(expirationSeconds: 3600)
        return try await cluster.client.requestToken(serviceAccount: account, namespace: namespace, options).token
    }

    @Test("given an operator for some namespaces, then it works there, and asks for nothing outside of them")
    func watchNamespaces() async throws {
        let cluster = try await Self.cluster.value
        let inside = [try await cluster.makeNamespace("a"), try await cluster.makeNamespace("b")]
        let outside = try await cluster.makeNamespace("outside")
        try await withDirectory { directory in
            let kubeconfig = try await restrictedKubeconfig(cluster, namespaces: inside, in: directory)
            let program = RunningOperator.launch(
                on: cluster,
                identity: "restricted",
                "--watch-namespaces",
                inside.joined(separator: ","),
                kubeconfig: kubeconfig
            )
            let ignored = try await cluster.ask(about: "web", in: outside)
            for namespace in inside {
                let pod = try await cluster.makeDeployment("web", in: namespace)
                try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.outOfMemory)
                let task = try await cluster.end(of: try await cluster.ask(about: "web", in: namespace))
                #expect(task.status.diagnosis?.rootCause?.class == "OOMKilled")
                #expect(task.status.clusterName == "local")
                let whole = DiagnosticTask(metadata: ObjectMeta(name: "all", namespace: namespace), spec: .init())
                let general = try await cluster.end(of: try await cluster.tasks(in: namespace).create(whole))
                #expect(general.status.phase == .completed)
            }
            let metrics = try await HTTPAnswer.of(try await program.address(of: "metrics") + "/metrics").body
            let refusals = metrics.split(separator: "\n").filter { line in
                ["401", "403"].contains { line.hasPrefix("rest_client_requests_total{code=\"\($0)\"") }
            }
            #expect(refusals == [])
            #expect(metrics.contains("aetherius_agent_total{status=\"online\"} 1"))
            program.terminate()
            #expect(try await program.ending().exitCode == 0)
            let untouched = try await cluster.tasks(in: outside).get(ignored.metadata.name)
            #expect(untouched.status.phase == nil)
            try await cluster.tasks(in: outside).delete(ignored.metadata.name)
            let agents = try await cluster.client.resources(ClusterAgent.self).list().items
            #expect(agents.isEmpty, "an operator for some namespaces makes no ClusterAgent")
        }
    }

    @Test("given protected metrics, then only those see them who may get /metrics, as the API server says")
    func secureMetrics() async throws {
        let cluster = try await Self.cluster.value
        let namespace = try await cluster.makeNamespace("metrics")
        try await withDirectory { directory in
            let kubeconfig = try await restrictedKubeconfig(
                cluster,
                namespaces: [namespace],
                clusterRules: "[{apiGroups: [authentication.k8s.io], resources: [tokenreviews], verbs: [create]}, "
                    + "{apiGroups: [authorization.k8s.io], resources: [subjectaccessreviews], verbs: [create]}]",
                in: directory
            )
            try await OpenSSL.makeServerCertificate(in: directory)
            let program = RunningOperator.launch(
                on: cluster,
                identity: "secure",
                "--watch-namespaces",
                namespace,
                "--metrics-secure",
                "--metrics-cert-dir",
                directory,
                kubeconfig: kubeconfig
            )
            try await cluster.kubectl("create", "serviceaccount", "prometheus", "-n", namespace)
            try await cluster.kubectl("create", "serviceaccount", "stranger", "-n", namespace)
            try await cluster.kubectl("create", "clusterrole", namespace, "--verb=get", "--non-resource-url=/metrics")
            try await cluster.kubectl(
                "create",
                "clusterrolebinding",
                namespace,
                "--clusterrole=\(namespace)",
                "--serviceaccount=\(namespace):prometheus"
            )
            let url = try await program.address(of: "metrics") + "/metrics"
            #expect(url.hasPrefix("https://"))
            func status(_ token: String?) async throws -> Int {
                let header = token.map { "Authorization: Bearer \($0)" } ?? "X-None: 1"
                return try await HTTPAnswer.of(url, "--cacert", "\(directory)/tls.crt", "-H", header).status
            }
            let prometheus = try await token(of: "prometheus", in: namespace, cluster)
            let stranger = try await token(of: "stranger", in: namespace, cluster)
            #expect(try await status(prometheus) == 200)
            #expect(try await status(stranger) == 403)
            #expect(try await status("nonsense") == 401)
            #expect(try await status(nil) == 401)
            // The decision is kept: the API server is not asked for each scrape.
            try await cluster.kubectl("delete", "clusterrolebinding", namespace)
            #expect(try await status(prometheus) == 200)
            program.terminate()
            let ending = try await program.ending()
            #expect(ending.exitCode == 0)
            #expect(!ending.errors.contains(prometheus) && !ending.errors.contains(stranger))
        }
    }

    @Test("given an endpoint for traces, then a collector gets each reconciliation with its calls of the API server")
    func traces() async throws {
        let cluster = try await Self.cluster.value
        let namespace = try await cluster.makeNamespace("traces")
        let collector = try FakeTraceCollector()
        defer { collector.stop() }
        try await withDirectory { directory in
            let kubeconfig = try await restrictedKubeconfig(cluster, namespaces: [namespace], in: directory)
            let program = RunningOperator.launch(
                on: cluster,
                identity: "traced",
                "--watch-namespaces",
                namespace,
                "--otlp-endpoint",
                collector.url,
                kubeconfig: kubeconfig
            )
            let task = try await cluster.end(of: try await cluster.ask(about: "missing", in: namespace))
            program.terminate()
            #expect(try await program.ending().exitCode == 0)

            let spans = collector.spans
            let name = "\(namespace)/\(task.metadata.name)"
            let reconciliations = spans.filter {
                $0.name == "reconcile diagnostictask" && $0.attributes["request"] == name
            }
            #expect(!reconciliations.isEmpty)
            let calls = spans.filter { span in reconciliations.contains { $0.id == span.parent } }
            #expect(calls.contains { $0.name == "GET" && $0.attributes["url.path"]?.hasSuffix("/pods") == true })
            #expect(calls.contains { $0.name == "PUT" && $0.attributes["url.path"]?.hasSuffix("/status") == true })
            for call in calls {
                let parent = try #require(reconciliations.first { $0.id == call.parent })
                #expect(call.trace == parent.trace && call.kind == 3 && parent.kind == 1)
                #expect(call.begin >= parent.begin && call.end <= parent.end && call.begin <= call.end)
            }
            #expect(collector.resources.contains { $0["service.name"] == "aetherius" })
            #expect(collector.resources.contains { $0["service.instance.id"] == "traced" })
            #expect(!spans.contains { $0.attributes["url.path"]?.contains("/leases/") == true })
        }
    }

    @Test("given SIGTERM while a task runs, then it is not ready at once, finishes the task, frees the lease, and ends")
    func shutdown() async throws {
        let cluster = try await Self.cluster.value
        let namespace = try await cluster.makeNamespace("shutdown")
        // A kubelet that never says anything: reading a log takes until the API server gives it up.
        let kubelet = try ScriptedHTTPServer(isDeaf: true) { _ in [] }
        defer { kubelet.stop() }
        try await cluster.makePodOnDeafNode("web", in: namespace, port: kubelet.port)
        let program = RunningOperator.launch(on: cluster, identity: "ending")
        let health = try await program.address(of: "health")
        let task = try await cluster.tasks(in: namespace).create(
            DiagnosticTask(
                metadata: ObjectMeta(name: "why", namespace: namespace),
                spec: .init(
                    target: ObjectReference(apiVersion: "v1", kind: "Pod", namespace: namespace, name: "web")
                )
            )
        )
        _ = try await cluster.tasks(in: namespace).wait(for: "why") { $0.status.phase == .running }
        program.terminate()
        var answer = try await HTTPAnswer.of("\(health)/readyz")
        while answer.status == 200 { answer = try await HTTPAnswer.of("\(health)/readyz") }
        #expect(answer.status == 503)
        #expect(answer.body.contains(#""name":"shutdown","healthy":false"#), "\(answer.body)")
        let life = try await HTTPAnswer.of("\(health)/healthz")
        #expect(life.status == 200, "it lives until it has ended")
        for name in ["leader-election", "network"] {
            #expect(life.body.contains(#""name":"\#(name)","healthy":true"#), "\(life.body)")
        }
        let before = try await cluster.tasks(in: namespace).get("why")
        #expect(before.status.phase == .running, "the test has to look while the task runs")
        let ending = try await program.ending()
        #expect(ending.exitCode == 0, "\(ending.errors)")
        #expect(try await cluster.end(of: task).status.phase == .completed)
        #expect(try await holder(cluster) == "")
        try expectDocumentedLog(ending.errors)
    }

    /// Each line is JSON, and its keys are those of docs/logging.md.
    private func expectDocumentedLog(_ log: String) throws {
        let document = try String(contentsOfFile: RepositoryPaths.root + "/docs/logging.md", encoding: .utf8)
        let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let documented = Set(
            rows.flatMap { row in
                row.split(separator: "|")[0].matches(of: /`([a-z_]+)`/).map { String($0.1) }
            }
        )
        let lines = log.split(separator: "\n")
        #expect(lines.contains { $0.contains(#""message":"task has ended""#) && $0.contains(#""reconcile_id":""#) })
        for line in lines {
            let keys = try JSON.decode([String: JSONValue].self, from: Array(line.utf8)).keys
            #expect(documented.isSuperset(of: keys), "\(line)")
            #expect(Set(keys).isSuperset(of: ["time", "level", "logger", "message"]), "\(line)")
        }
    }

    @Test(
        "given a task that does not end within the grace period, then the operator ends in order, and the next one goes on"
    )
    func shortGracePeriod() async throws {
        let cluster = try await Self.cluster.value
        let namespace = try await cluster.makeNamespace("impatient")
        let kubelet = try ScriptedHTTPServer(isDeaf: true) { _ in [] }
        defer { kubelet.stop() }
        try await cluster.makePodOnDeafNode("web", in: namespace, port: kubelet.port)
        let program = RunningOperator.launch(on: cluster, identity: "impatient", "--shutdown-grace-period", "12")
        let task = try await cluster.tasks(in: namespace).create(
            DiagnosticTask(
                metadata: ObjectMeta(name: "why", namespace: namespace),
                spec: .init(
                    target: ObjectReference(apiVersion: "v1", kind: "Pod", namespace: namespace, name: "web")
                )
            )
        )
        _ = try await cluster.tasks(in: namespace).wait(for: "why") { $0.status.phase == .running }
        program.terminate()
        let ending = try await program.ending()
        #expect(ending.exitCode == 0, "\(ending.errors)")
        #expect(ending.errors.contains("what is still at work is cancelled"))
        #expect(try await holder(cluster) == "")
        #expect(try await cluster.tasks(in: namespace).get("why").status.phase == .running)

        let next = RunningOperator.launch(on: cluster, identity: "next")
        let ended = try await cluster.end(of: task)
        #expect(ended.status.phase == .completed)
        #expect(ended.status.attempts == 2)
        next.terminate()
        #expect(try await next.ending().exitCode == 0)
    }

    @Test("given an operator without agents, then a ClusterAgent for another cluster says so, and nothing is made")
    func noAgents() async throws {
        let cluster = try await Self.cluster.value
        let program = RunningOperator.launch(on: cluster, identity: "alone", "--no-agents")
        _ = try await cluster.makeRemoteAgent("elsewhere")
        let refused = try await cluster.agent("elsewhere") {
            $0.status.conditions[ConditionType.ready]?.reason == "AgentsDisabled"
        }
        #expect(refused.status.conditions.isTrue(ConditionType.stalled))
        let namespaces = try await cluster.client.resources(Namespace.self).list().items
        #expect(!namespaces.contains { $0.metadata.name == AgentNames.mailbox("elsewhere") })
        try await cluster.client.resources(ClusterAgent.self).delete("elsewhere")
        program.terminate()
        #expect(try await program.ending().exitCode == 0)
    }

    private func holder(_ cluster: TestCluster) async throws -> String {
        try await cluster.client.resources(Lease.self, namespace: RunningOperator.namespace)
            .get("aetherius-operator").holderIdentity ?? ""
    }
}
