// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Logging
import ServiceLifecycle
import Testing

@testable import AetheriusOperator

@Suite("The operator's own cluster", .timeLimit(.minutes(15)))
struct LocalObservationTests {
    @Test(
        "given trouble in the operator's own cluster, then a task about it is opened and answered, whoever the agent is"
    )
    func watched() async throws {
        try await TestCluster.withOwn { hub in try await watch(hub) }
    }

    private func watch(_ hub: TestCluster) async throws {
        try await RunningOperator.prepare(hub)
        let first = RunningOperator.launch(on: hub, identity: "first", observesLocal: true)
        try await RunningOperator.waitUntilReady(first, on: hub)
        let namespace = try await hub.makeNamespace("shop")

        let task = try await incident("web", in: namespace, on: hub)
        #expect(task.spec.clusterRef?.name == "local")
        #expect(task.status.agent?.claim?.holder == "first")
        let local = try await hub.agent("local") { ($0.status.agent?.unhealthyTotal ?? 0) > 0 }
        let report = try #require(local.status.agent)
        #expect(report.instanceID == "first")
        #expect(report.capabilities == ["EventWatch", "MetricsCollect"])
        #expect(report.summary?.pods == 1)
        #expect(local.status.conditions.isTrue(ConditionType.collectionHealthy))
        #expect(local.status.conditions.isTrue(ConditionType.targetReachable))
        let printed = try await hub.kubectl("get", "clusteragents", "--no-headers")
        #expect(printed.split(whereSeparator: \.isWhitespace).prefix(3) == ["local", "Local", "Online"])
        let metrics = try await HTTPAnswer.of(try await first.address(of: "metrics") + "/metrics").body
        #expect(metrics.contains("aetherius_agent_events_total{cluster_id=\"local\"}"))

        try await giveItsOwn(hub, namespace)
        let back = try await hub.agent("local") { $0.status.agent?.instanceID == "first" }
        #expect(back.status.agent?.capabilities == ["EventWatch", "MetricsCollect"])
        // What came from the agent with a Deployment of its own: it was one that had to register.
        #expect(back.status.hub?.commandCount == 1)
        #expect((back.status.hub?.eventCount ?? 0) >= 1)
        #expect(back.status.hub?.queue.pending == 0)

        first.terminate()
        #expect(try await first.ending().exitCode == 0)
        let second = RunningOperator.launch(on: hub, identity: "second")
        let unobserved = try await hub.agent("local") { $0.status.agent == nil && $0.status.phase == .online }
        #expect(unobserved.status.conditions[ConditionType.targetReachable] == nil)
        second.terminate()
        #expect(try await second.ending().exitCode == 0)
    }

    /// Lets a Deployment of the cluster fail, and waits until a task about it is complete.
    private func incident(_ name: String, in namespace: String, on hub: TestCluster) async throws -> DiagnosticTask {
        let pod = try await hub.makeDeployment(name, in: namespace)
        try await hub.setStatus(ofPod: pod, in: namespace, TestCluster.crashLooping("no database"))
        try await hub.recordEvent(
            "\(name)-backs-off",
            "BackOff",
            about: .container("app", of: pod, in: namespace),
            message: "Back-off restarting failed container"
        )
        let tasks = hub.tasks(in: RunningOperator.namespace)
        for try await event in try await tasks.watch(WatchOptions(resourceVersion: "0")) {
            guard case .added(let task) = event, task.spec.target?.name == name else { continue }
            #expect(task.spec.target?.kind == "Deployment")
            #expect(task.spec.origin?.type == .event)
            let done = try await hub.end(of: task)
            #expect(done.status.phase == .completed)
            #expect(done.status.diagnosis?.rootCause?.class == "ApplicationCrash")
            return done
        }
        throw TestClusterError(message: "no task was opened about \(name)")
    }

    /// A Deployment is made for the agent; here, the test is what runs in it.
    private func giveItsOwn(_ hub: TestCluster, _ namespace: String) async throws {
        let agents = hub.client.resources(ClusterAgent.self)
        let annotate: JSONValue = ["metadata": ["annotations": [AnnotationKey.ownDeployment: "true"]]]
        _ = try await agents.patch("local", .merge(annotate))
        _ = try await hub.agent("local") { $0.status.conditions[ConditionType.deployed]?.reason == "Progressing" }
        let token = try await hub.client.requestToken(
            serviceAccount: AgentNames.serviceAccount("local"),
            namespace: AgentNames.namespace
        )
        let client = try hub.client(token: token.token)
        try await client.waitUntilAllowed(.resource(.init(verb: "watch", resource: "pods")))
        let logger = Logger(label: "agent") { _ in SwiftLogNoOpLogHandler() }
        let runtime = try ClusterAgentRuntime(
            identity: AgentIdentity(cluster: "local", instanceID: "its-own", version: "1"),
            hub: client,
            heartbeat: client,
            target: .client(client),
            registry: AgentMetrics.makeRegistry(),
            logger: logger
        )
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [runtime], logger: logger))
        let running = Task { try await group.run() }
        do {
            let online = try await hub.agent("local") {
                $0.status.phase == .online && $0.status.agent?.instanceID == "its-own"
            }
            #expect(online.status.conditions.isTrue(ConditionType.collectionHealthy))
            let task = try await incident("api", in: namespace, on: hub)
            #expect(task.status.agent?.claim?.holder == "its-own")
        } catch {
            running.cancel()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
        _ = try await hub.agent("local") { $0.status.phase == .offline }
        let remove = "\(AnnotationKey.ownDeployment)-"
        try await hub.kubectl("annotate", "clusteragent", "local", remove)
    }
}
