// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import Observability
import Testing

@testable import AetheriusAgent

@Suite("Tasks in an agent's mailbox", .timeLimit(.minutes(5)))
struct MailboxEndToEndTests {
    private func ask(
        _ ground: AgentGround,
        about name: String,
        kind: String = "Deployment",
        _ change: (inout DiagnosticTask) -> Void = { _ in }
    ) async throws -> DiagnosticTask {
        var task = DiagnosticTask(
            metadata: ObjectMeta(
                name: "t-\(name)",
                namespace: ground.mailbox,
                annotations: [CopyKey.confined: "false"]
            ),
            spec: .init(
                clusterRef: .init(name: ground.name),
                target: ObjectReference(apiVersion: "apps/v1", kind: kind, namespace: ground.namespace, name: name)
            )
        )
        change(&task)
        return try await ground.tasks.create(task)
    }

    @Test("given a task in the mailbox, then it is claimed visibly, and what was found is written down")
    func answered() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster)
        let pod = try await cluster.makeDeployment("web", in: ground.namespace)
        try await cluster.setStatus(ofPod: pod, in: ground.namespace, TestCluster.crashLooping("no database"))
        try await withAgent(ground) { _ in
            _ = try await ask(ground, about: "web")
            let done = try await ground.tasks.wait(for: "t-web") { $0.status.agent?.gatheredAt != nil }
            let report = try #require(done.status.agent)
            #expect(report.claim?.holder == "test_1")
            #expect(report.claim?.attempt == 1)
            #expect(report.findings.contains { $0.owner?.name == "web" || $0.object.name == "web" }, "\(report)")
        }
    }

    @Test("given two who have read the same task, then one gets it, and the other one hears of a conflict")
    func race() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster)
        let hub = try ground.hub(try await ground.token())
        func reconciler(_ instanceID: String) -> MailboxReconciler {
            MailboxReconciler(
                tasks: Informer(ground.tasks, logger: .silent).store,
                objects: hub.resources(DiagnosticTask.self, namespace: ground.mailbox),
                writer: AgentReportWriter(client: hub),
                target: TargetHolder(),
                access: { ClusterAgent.Access() },
                isHolder: { true },
                running: RunningTasks(),
                machine: TaskClaimStateMachine(instanceID: instanceID),
                metrics: AgentMetrics(registry: AgentMetrics.makeRegistry(), cluster: ground.name),
                health: HubHealth(),
                logger: .silent
            )
        }
        let task = try await ask(ground, about: "web")
        let claimed = try await reconciler("first_1").claim(task, 1)
        #expect(claimed.status.agent?.claim?.holder == "first_1")
        let second = reconciler("second_1")
        let error = await #expect(throws: KubeError.self) { try await second.claim(task, 1) }
        #expect(error?.code == .conflict)
        #expect(try await ground.tasks.get("t-web").status.agent?.claim?.holder == "first_1")
    }

    @Test("given a claim of an agent that has ended, then the next one takes it over as a further attempt")
    func takenOver() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster)
        _ = try await cluster.makeDeployment("web", in: ground.namespace)
        var task = try await ask(ground, about: "web")
        var report = DiagnosticTask.AgentReport()
        report.claim = Claim(holder: "earlier_1", attempt: 1, claimedAt: .now)
        task.status.agent = report
        _ = try await ground.tasks.update(task, subresource: "status")
        try await withAgent(ground, instanceID: "later_1") { _ in
            let done = try await ground.tasks.wait(for: "t-web") { $0.status.agent?.gatheredAt != nil }
            #expect(done.status.agent?.claim?.holder == "later_1")
            #expect(done.status.agent?.claim?.attempt == 2)
        }
    }

    @Test("given a question that cannot be asked, or not there, then the report says why")
    func refused() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster)
        try await withAgent(ground) { _ in
            _ = try await ask(ground, about: "web", kind: "Unheard")
            let unsupported = try await ground.tasks.wait(for: "t-web") { $0.status.agent?.gatheredAt != nil }
            #expect(unsupported.status.agent?.unreadable.first?.reason == "UnsupportedTarget")
            _ = try await ask(ground, about: "other") { $0.spec.target?.namespace = "kube-system" }
            let denied = try await ground.tasks.wait(for: "t-other") { $0.status.agent?.gatheredAt != nil }
            #expect(denied.status.agent?.unreadable.first?.reason == "AccessDenied")
            #expect(denied.status.agent?.findings.isEmpty == true)
        }
    }

    @Test("given another live agent under the same name, then the second one does nothing, and says so")
    func duplicate() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster)
        try await withAgent(ground, instanceID: "first_1") { _ in
            _ = try await ground.report { $0.instanceID == "first_1" }
            _ = try await ground.leases.wait(for: ground.name) { $0.holderIdentity == "first_1" }
            let log = LogLines()
            try await withAgent(ground, instanceID: "second_1", logger: log.logger) { second in
                await log.wait(for: "another agent, first_1, works under the name \(ground.name)")
                #expect(second.readiness.failing.contains { $0.problem?.contains("DuplicateAgent") == true })
                let agent = try await ground.agents.get(ground.name)
                #expect(agent.status.agent?.instanceID == "first_1")
                #expect(try await ground.leases.get(ground.name).holderIdentity == "first_1")
                let stream = try await cluster.client.resources(Event.self, namespace: ground.mailbox)
                    .watch(WatchOptions(fieldSelector: "reason=DuplicateAgent", resourceVersion: "0"))
                for try await event in stream {
                    guard case .added(let said) = event else { continue }
                    #expect(said.involvedObject.kind == "ClusterAgent" && said.involvedObject.name == ground.name)
                    #expect(said.message.hasPrefix("another agent, first_1, works under the name"))
                    break
                }
            }
            // The second one's end is no goodbye of the first.
            #expect(try await ground.leases.get(ground.name).holderIdentity == "first_1")
        }
    }
}
