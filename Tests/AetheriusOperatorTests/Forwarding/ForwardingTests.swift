// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("Tasks for other clusters on a real API server", .timeLimit(.minutes(5)))
struct ForwardingTests {
    private func ask(
        _ hub: TestCluster,
        _ name: String,
        about cluster: String,
        timeout: Int = 600
    ) async throws
        -> DiagnosticTask
    {
        var task = DiagnosticTask(
            metadata: ObjectMeta(name: name, namespace: RunningOperator.namespace),
            spec: .init(target: ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web"))
        )
        task.spec.clusterRef = NameReference(name: cluster)
        task.spec.limits.timeoutSeconds = timeout
        return try await hub.tasks(in: RunningOperator.namespace).create(task)
    }

    private func online(_ hub: TestCluster, _ name: String) async throws -> TestAgent {
        _ = try await hub.makeRemoteAgent(name) { $0.heartbeat.offlineAfterSeconds = 300 }
        let agent = try await TestAgent(name: name, on: hub).withOwnToken(on: hub)
        try await agent.report(clusterUID: "\(name)-uid")
        try await agent.beat()
        _ = try await hub.agent(name) { $0.status.phase == .online }
        return agent
    }

    /// Waits for a copy as the agent does, with the agent's rights.
    private func copy(for agent: TestAgent) async throws -> DiagnosticTask {
        let tasks = agent.client.resources(DiagnosticTask.self, namespace: AgentNames.mailbox(agent.name))
        for try await event in try await tasks.watch(WatchOptions(resourceVersion: "0")) {
            if case .added(let copy) = event { return copy }
        }
        throw TestClusterError(message: "the watch ended")
    }

    private func claim(_ copy: DiagnosticTask, as agent: TestAgent) async throws -> DiagnosticTask {
        var copy = copy
        copy.status.agent = DiagnosticTask.AgentReport()
        copy.status.agent?.claim = Claim(holder: "instance-1", attempt: 1, claimedAt: Timestamp.now.wholeSeconds)
        return try await agent.client.resources(DiagnosticTask.self, namespace: copy.metadata.namespace)
            .update(copy, subresource: "status", fieldManager: FieldManager.agent)
    }

    @Test("given a task for a cluster with an agent, then that agent gets it, and its answer completes it")
    func answered() async throws {
        let hub = try await RunningOperator.shared()
        let agent = try await online(hub, "answering")
        let task = try await ask(hub, "answered", about: "answering")
        let copy = try await copy(for: agent)
        #expect(copy.spec.target == task.spec.target)
        #expect(copy.metadata.annotations[CopyKey.confined] == "false")

        let claimed = try await claim(copy, as: agent)
        let tasks = hub.tasks(in: RunningOperator.namespace)
        let running = try await tasks.wait(for: "answered") { $0.status.phase == .running }
        #expect(running.status.agent?.claim?.holder == "instance-1")
        #expect(running.status.clusterName == "answering")

        var report = try #require(claimed.status.agent)
        report.gatheredAt = Timestamp.now.wholeSeconds
        report.findings = [
            DiagnosticTask.Finding(
                id: "f1",
                class: "OOMKilled",
                object: ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web"),
                message: "the container app was killed for its memory",
                confidence: 0.95,
                cause: true
            )
        ]
        _ = try await AgentReportWriter(client: agent.client).write(report, to: claimed)
        let ended = try await hub.end(of: task)
        #expect(ended.status.phase == .completed)
        #expect(ended.status.diagnosis?.rootCause?.class == "OOMKilled")
        #expect(ended.status.agent?.findings.count == 1)
        try await hub.tasks(in: AgentNames.mailbox("answering")).waitForDeletion(of: copy.metadata.name)
        try await tasks.delete("answered")
        try await hub.client.resources(ClusterAgent.self).delete("answering")
    }

    @Test("given a task for a cluster that is offline, then it waits with the reason, and ends at its time")
    func offline() async throws {
        let hub = try await RunningOperator.shared()
        let agent = try await online(hub, "silent")
        try await agent.sayGoodbye()
        _ = try await hub.agent("silent") { $0.status.phase == .offline }
        let tasks = hub.tasks(in: RunningOperator.namespace)
        let waiting = try await ask(hub, "waiting", about: "silent")
        let short = try await ask(hub, "short", about: "silent", timeout: 10)
        let held = try await tasks.wait(for: "waiting") {
            $0.status.conditions[ConditionType.ready]?.reason == "AgentOffline"
        }
        #expect(held.status.phase == .scheduled)
        #expect(held.status.timeoutAt != nil)
        let ended = try await hub.end(of: short)
        #expect(ended.status.phase == .timedOut)
        #expect(ended.status.conditions[ConditionType.ready]?.message.contains("offline") == true)
        #expect(
            try await hub.tasks(in: AgentNames.mailbox("silent")).list().items.isEmpty,
            "nothing was sent meanwhile"
        )

        // It is there again: what waits goes on.
        try await agent.beat()
        let copy = try await copy(for: agent)
        #expect(copy.metadata.annotations[CopyKey.sourceName] == "waiting")
        _ = try await tasks.patch("waiting", .merge(["spec": ["cancel": true]] as JSONValue))
        #expect(try await hub.end(of: waiting).status.phase == .cancelled)
        try await hub.tasks(in: AgentNames.mailbox("silent")).waitForDeletion(of: copy.metadata.name)
        for name in ["waiting", "short"] { try await tasks.delete(name) }
        try await hub.client.resources(ClusterAgent.self).delete("silent")
    }

    @Test("given an agent that refuses to look, or a task that is deleted, then nothing is left in the mailbox")
    func refusedAndDeleted() async throws {
        let hub = try await RunningOperator.shared()
        let agent = try await online(hub, "refusing")
        let tasks = hub.tasks(in: RunningOperator.namespace)
        let task = try await ask(hub, "refused", about: "refusing")
        let claimed = try await claim(try await copy(for: agent), as: agent)
        var report = try #require(claimed.status.agent)
        report.gatheredAt = Timestamp.now.wholeSeconds
        report.unreadable = [
            .init(what: DiagnosticTask.Unreadable.wholeQuestion, reason: "AccessDenied", message: "not this namespace")
        ]
        _ = try await AgentReportWriter(client: agent.client).write(report, to: claimed)
        let ended = try await hub.end(of: task)
        #expect(ended.status.phase == .failed)
        #expect(ended.status.conditions[ConditionType.ready]?.reason == "AccessDenied")
        let mailbox = hub.tasks(in: AgentNames.mailbox("refusing"))
        try await mailbox.waitForDeletion(of: claimed.metadata.name)

        _ = try await ask(hub, "deleted", about: "refusing")
        let copy = try await copy(for: agent)
        try await tasks.delete("deleted")
        try await mailbox.waitForDeletion(of: copy.metadata.name)

        // Without rights there is no mailbox to write to.
        _ = try await hub.client.resources(ClusterAgent.self)
            .patch("refusing", .merge(["spec": ["accepted": false]] as JSONValue))
        _ = try await hub.agent("refusing") { $0.status.phase == .pending }
        _ = try await ask(hub, "unheard", about: "refusing")
        _ = try await tasks.wait(for: "unheard") {
            $0.status.conditions[ConditionType.ready]?.reason == "AgentNotAccepted"
        }
        #expect(try await mailbox.list().items.isEmpty)
        for name in ["refused", "unheard"] { try await tasks.delete(name) }
        try await hub.client.resources(ClusterAgent.self).delete("refusing")
    }
}
