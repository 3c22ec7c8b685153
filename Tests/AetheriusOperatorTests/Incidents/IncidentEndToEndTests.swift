// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@testable import AetheriusOperator

@Suite("Incidents on a real API server", .timeLimit(.minutes(5)))
struct IncidentEndToEndTests {
    /// Writes what an agent reports, as the agent does.
    private func report(_ events: [ClusterAgent.FoldedEvent], of name: String, on hub: TestCluster) async throws {
        var report = ClusterAgent.AgentReport()
        report.instanceID = "instance-1"
        report.clusterUID = "\(name)-uid"
        report.events = ClusterAgent.EventSummary()
        report.events?.items = events
        let body: JSONValue = [
            "apiVersion": .string(AetheriusGroup.apiVersion), "kind": "ClusterAgent",
            "metadata": ["name": .string(name)],
            "status": ["agent": try JSON.decode(JSONValue.self, from: JSON.encode(report))],
        ]
        _ = try await hub.client.resources(DynamicObject.self, of: ClusterAgent.apiResource)
            .patch(name, .apply(body, fieldManager: FieldManager.agent), subresource: "status")
    }

    /// Makes a ClusterAgent whose agent registers, and stays for as long as a test may take.
    private func makeAgent(_ name: String, on hub: TestCluster) async throws {
        _ = try await hub.makeRemoteAgent(name) {
            $0.heartbeat.intervalSeconds = 300
            $0.heartbeat.offlineAfterSeconds = 600
        }
        try await register(name, on: hub)
    }

    private func register(_ name: String, on hub: TestCluster) async throws {
        let leases = hub.client.resources(Lease.self, namespace: AgentNames.mailbox(name))
        _ = try await leases.wait(for: AgentNames.lease(name)) { _ in true }
        try await TestAgent(name: name, client: hub.client).beat()
    }

    private func tasks(_ hub: TestCluster, of cluster: String) async throws -> [DiagnosticTask] {
        try await hub.tasks(in: RunningOperator.namespace).list().items.filter { $0.spec.clusterRef?.name == cluster }
    }

    @Test("given an incident of several events, then one task is opened, counts on, and hears of the end")
    func life() async throws {
        let hub = try await RunningOperator.shared()
        try await makeAgent("incidents", on: hub)
        var image = Samples.event("a", "Failed", "Failed to pull image \"x\"", of: "life", count: 2)
        let back = Samples.event("b", "BackOff", "Back-off pulling image \"x\"", of: "life", count: 3)
        let muted = Samples.event("c", "FailedScheduling", "0/1 nodes", of: "life", severity: .low)
        try await report([image, back, muted], of: "incidents", on: hub)
        let name = try #require(
            Incident.all(of: Samples.cluster("incidents", events: [image])).first?.taskName
        )
        let client = hub.tasks(in: RunningOperator.namespace)
        let opened = try await client.wait(for: name) { $0.status.incident?.count == 5 }
        #expect(opened.spec.target?.name == "life")
        #expect(opened.spec.origin?.type == .event)
        #expect(opened.spec.ttlSecondsAfterFinished == 604_800)
        #expect(opened.metadata.labels[LabelKey.cluster] == "incidents")
        #expect(try await tasks(hub, of: "incidents").map(\.metadata.name) == [name])

        image.resolvedAt = Samples.at(500)
        var over = back
        over.resolvedAt = Samples.at(600)
        over.count = 4
        try await report([image, over], of: "incidents", on: hub)
        let closed = try await client.wait(for: name) { $0.status.incident?.resolvedAt != nil }
        #expect(closed.status.incident?.resolvedAt == Samples.at(600))
        #expect(closed.status.incident?.count == 6)
        #expect(closed.spec.retryGeneration == 0)
    }

    @Test("given the same trouble in three clusters, then their tasks name one another and are more urgent")
    func shared() async throws {
        let hub = try await RunningOperator.shared()
        let names = ["shared-1", "shared-2", "shared-3"]
        let event = Samples.event("a", "BackOff", "back-off restarting failed container", of: "shared")
        for name in names {
            try await makeAgent(name, on: hub)
            try await report([event], of: name, on: hub)
        }
        for name in names {
            let task = try #require(Incident.all(of: Samples.cluster(name, events: [event])).first?.taskName)
            let linked = try await hub.tasks(in: RunningOperator.namespace).wait(for: task) {
                $0.status.incident?.linked.count == 2 && $0.spec.severity == .critical
            }
            #expect(
                Set(linked.status.incident?.linked.compactMap(\.clusterName) ?? []) == Set(names).subtracting([name])
            )
        }
    }

    @Test("given an agent that has not registered, then it opens no task before it has")
    func unregistered() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("stranger") {
            $0.heartbeat.intervalSeconds = 300
            $0.heartbeat.offlineAfterSeconds = 600
        }
        let event = Samples.event("a", "BackOff", "back-off restarting failed container", of: "stranger")
        try await report([event], of: "stranger", on: hub)
        // The report has been looked at.
        let waiting = try await hub.agent("stranger") { $0.status.conditions[ConditionType.registered] != nil }
        #expect(waiting.status.conditions[ConditionType.registered]?.reason == "NotSeen")
        #expect(try await tasks(hub, of: "stranger").isEmpty)
        try await register("stranger", on: hub)
        let name = try #require(Incident.all(of: Samples.cluster("stranger", events: [event])).first?.taskName)
        let task = try await hub.tasks(in: RunningOperator.namespace).wait(for: name) { _ in true }
        let agent = try await hub.client.resources(ClusterAgent.self).get("stranger")
        #expect(agent.status.conditions.isTrue(ConditionType.registered))
        #expect(task.metadata.creationTimestamp ?? .now >= agent.status.hub?.registeredAt ?? .now)
    }

    @Test(
        "given an incident of which no task can be made, then those after it are looked into all the same, and silences end"
    )
    func refused() async throws {
        let hub = try await RunningOperator.shared()
        try await makeAgent("refused", on: hub)
        let client = hub.tasks(in: RunningOperator.namespace)
        func name(_ event: ClusterAgent.FoldedEvent) throws -> String {
            try #require(Incident.all(of: Samples.cluster("refused", events: [event])).first?.taskName)
        }
        let earlier = Samples.event("a", "BackOff", "back-off", of: "earlier", in: "quiet")
        try await report([earlier], of: "refused", on: hub)
        _ = try await client.wait(for: name(earlier)) { $0.status.incident?.count == 1 }

        // The worst is looked at first. The API server takes such a kind in a report, and none in a task.
        var impossible = Samples.event("b", "BackOff", "back-off", of: "impossible", severity: .critical)
        impossible.object.kind = "no kind"
        let later = Samples.event("c", "BackOff", "back-off", of: "later", in: "refused")
        try await hub.client.resources(ClusterAgent.self).patch(
            "refused",
            .merge(["spec": ["access": ["namespaces": ["exclude": ["quiet"]]]]])
        )
        try await report([impossible, later], of: "refused", on: hub)
        _ = try await client.wait(for: name(later)) { $0.status.incident?.count == 1 }
        _ = try await client.wait(for: name(earlier)) { $0.status.incident?.resolvedAt != nil }
        let made = try await tasks(hub, of: "refused").map(\.metadata.name)
        #expect(try Set(made) == [name(earlier), name(later)])
    }

    @Test("given a namespace that is left out, or a ClusterAgent that is deleted, then its incidents end, and say why")
    func forgotten() async throws {
        let hub = try await RunningOperator.shared()
        try await makeAgent("forgetful", on: hub)
        let events = [("a", "one"), ("b", "two")].map { key, name in
            Samples.event(key, "BackOff", "back-off", of: name, in: "forget-\(name)")
        }
        try await report(events, of: "forgetful", on: hub)
        let names = events.compactMap { event in
            Incident.all(of: Samples.cluster("forgetful", events: [event])).first?.taskName
        }
        let client = hub.tasks(in: RunningOperator.namespace)
        for name in names { _ = try await client.wait(for: name) { $0.status.incident?.count == 1 } }

        let change: JSONValue = ["spec": ["access": ["namespaces": ["exclude": ["forget-one"]]]]]
        _ = try await hub.client.resources(ClusterAgent.self).patch("forgetful", .merge(change))
        // What the agent says then, as it has been told to forget the first and has no word on the second.
        try await report([], of: "forgetful", on: hub)
        let first = try await client.wait(for: names[0]) { $0.status.incident?.resolvedAt != nil }
        #expect(first.status.incident?.count == 1)
        #expect(try await client.get(names[1]).status.incident?.resolvedAt == nil)

        try await hub.client.resources(ClusterAgent.self).delete("forgetful")
        _ = try await client.wait(for: names[1]) { $0.status.incident?.resolvedAt != nil }
        let stream = try await hub.client.resources(Event.self, namespace: RunningOperator.namespace)
            .watch(WatchOptions(fieldSelector: "involvedObject.name=\(names[1])", resourceVersion: "0"))
        for try await event in stream {
            guard case .added(let said) = event, said.reason == EventReason.incidentResolved else { continue }
            #expect(said.message == "no longer reported: ClusterAgent forgetful is gone")
            break
        }
    }
}
