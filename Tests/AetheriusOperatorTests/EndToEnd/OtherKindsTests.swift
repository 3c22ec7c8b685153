// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("The other kinds on a real API server", .timeLimit(.minutes(5)))
struct OtherKindsTests {
    @Test("given a first start, then there is a ClusterAgent for the local cluster, online and ready")
    func local() async throws {
        let cluster = try await RunningOperator.shared()
        let agents = cluster.client.resources(ClusterAgent.self)
        let stream = try await agents.watch(WatchOptions(resourceVersion: "0"))
        for try await event in stream {
            guard case .added(let agent) = event, agent.metadata.name == "local" else { continue }
            break
        }
        let local = try await agents.wait(for: "local") { $0.status.phase == .online }
        #expect(local.spec.mode == .local)
        #expect(local.status.conditions.isTrue(ConditionType.ready))
    }

    @Test("given a second ClusterAgent for the local cluster, then it is refused")
    func secondLocal() async throws {
        let cluster = try await RunningOperator.shared()
        let agents = cluster.client.resources(ClusterAgent.self)
        _ = try await agents.create(ClusterAgent(metadata: ObjectMeta(name: "zweites"), spec: .init(mode: .local)))
        let second = try await agents.wait(for: "zweites") { $0.status.conditions["Ready"] != nil }
        #expect(second.status.conditions["Ready"]?.reason == "Duplicate")
        try await agents.delete("zweites")
    }

    @Test("given a valid KnowledgeEntry, then its condition says that nothing uses it yet")
    func knowledge() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let entries = cluster.client.resources(KnowledgeEntry.self, namespace: namespace)
        _ = try await entries.create(
            KnowledgeEntry(
                metadata: ObjectMeta(name: "known", namespace: namespace),
                spec: .init(title: "A known fault", content: "What to do about it.")
            )
        )
        let entry = try await entries.wait(for: "known") { $0.status.conditions["Ready"] != nil }
        #expect(entry.status.conditions["Ready"]?.status == .false)
        #expect(entry.status.conditions["Ready"]?.reason == "Unsupported")
        #expect(entry.status.observedGeneration == entry.metadata.generation)
    }

    @Test("given an ExecutionPlan whose steps have one name, then its condition names the field")
    func plan() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let plans = cluster.client.resources(ExecutionPlan.self, namespace: namespace)
        let step = ExecutionPlan.Step(name: "look", tool: "kubectl", action: "get_logs")
        _ = try await plans.create(
            ExecutionPlan(metadata: ObjectMeta(name: "twice", namespace: namespace), spec: .init(steps: [step, step]))
        )
        let refused = try await plans.wait(for: "twice") { $0.status.conditions["Ready"] != nil }
        #expect(refused.status.conditions["Ready"]?.reason == "InvalidSpec")
        #expect(refused.status.conditions["Ready"]?.message.contains("spec.steps[1].name") == true)
    }
}
