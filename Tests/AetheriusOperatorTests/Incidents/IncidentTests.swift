// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite("Incidents of a report")
struct IncidentTests {
    @Test(
        "given reasons of one trouble, then they are of one family",
        arguments: [
            ("Failed", "Failed to pull image \"x\"", "image"), ("BackOff", "Back-off pulling image \"x\"", "image"),
            ("ErrImagePull", "", "image"), ("BackOff", "back-off restarting failed container", "startup"),
            ("Unhealthy", "Liveness probe failed", "startup"), ("FailedScheduling", "0/3 nodes", "scheduling"),
            ("FailedMount", "", "volume"), ("NodeNotReady", "", "node"), ("FailedCreate", "", "creation"),
            ("SomethingElse", "", "other:SomethingElse"),
        ]
    )
    func families(reason: String, message: String, word: String) {
        #expect(IncidentFamily(reason: reason, message: message).word == word)
    }

    @Test("given several reasons of one workload, then they are one incident with all that they tell")
    func folding() throws {
        let cluster = Samples.cluster(events: [
            Samples.event("a", "Failed", "Error: ErrImagePull image", severity: .medium, count: 2, from: 10, to: 20),
            Samples.event("b", "BackOff", "Back-off pulling image", severity: .high, count: 5, from: 5, to: 40),
        ])
        let incidents = Incident.all(of: cluster)
        let incident = try #require(incidents.first)
        #expect(incidents.count == 1)
        #expect(incident.count == 7)
        #expect(incident.severity == .high)
        #expect(incident.reasons == ["Failed", "BackOff"])
        #expect(incident.origin == "b")
        #expect(incident.firstSeen == Samples.at(5) && incident.lastSeen == Samples.at(40))
        #expect(incident.resolvedAt == nil)
    }

    @Test("given one of two events that is over, then the incident lasts; given both, then it ended with the later one")
    func ending() {
        var (first, second) = (Samples.event("a", "BackOff", ""), Samples.event("b", "Unhealthy", ""))
        first.resolvedAt = Samples.at(100)
        #expect(Incident.all(of: Samples.cluster(events: [first, second])).map(\.resolvedAt) == [nil])
        second.resolvedAt = Samples.at(200)
        #expect(Incident.all(of: Samples.cluster(events: [first, second])).map(\.resolvedAt) == [Samples.at(200)])
    }

    @Test("given the same trouble in two clusters, then the incidents differ, and their kindred does not")
    func kindred() throws {
        let events = [Samples.event("a", "BackOff", "")]
        let one = try #require(Incident.all(of: Samples.cluster("one", events: events)).first)
        let two = try #require(Incident.all(of: Samples.cluster("two", events: events)).first)
        #expect(one.fingerprint != two.fingerprint && one.taskName != two.taskName)
        #expect(one.kindred == two.kindred)
    }

    @Test("given incidents, then the worst is first, and of equal ones the oldest")
    func order() {
        let cluster = Samples.cluster(events: [
            Samples.event("a", "BackOff", "", of: "young", severity: .high, from: 50),
            Samples.event("b", "BackOff", "", of: "old", severity: .high, from: 10),
            Samples.event("c", "BackOff", "", of: "worst", severity: .critical, from: 90),
        ])
        #expect(Incident.all(of: cluster).map(\.object.name) == ["worst", "old", "young"])
    }
}

enum Samples {
    static func at(_ seconds: Int) -> Timestamp { Timestamp("2026-01-01T00:00:00Z")!.advanced(by: .seconds(seconds)) }

    static func event(
        _ key: String,
        _ reason: String,
        _ message: String,
        of name: String = "web",
        in namespace: String = "shop",
        severity: Severity = .high,
        count: Int = 1,
        from: Int = 0,
        to: Int = 60
    ) -> ClusterAgent.FoldedEvent {
        let object = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: name)
        var event = ClusterAgent.FoldedEvent(key: key, reason: reason, object: object, count: count)
        event.severity = severity
        event.message = message
        event.firstSeen = at(from)
        event.lastSeen = at(to)
        return event
    }

    static func cluster(_ name: String = "edge", events: [ClusterAgent.FoldedEvent]) -> ClusterAgent {
        var cluster = ClusterAgent(metadata: ObjectMeta(name: name), spec: .init(mode: .remote))
        cluster.status.agent = ClusterAgent.AgentReport()
        cluster.status.agent?.events = ClusterAgent.EventSummary()
        cluster.status.agent?.events?.items = events
        return cluster
    }

    /// The cluster with an agent that is admitted and registered.
    static func registered(_ cluster: ClusterAgent) -> ClusterAgent {
        var cluster = cluster
        cluster.spec.accepted = true
        cluster.status.conditions.set(
            Condition(type: ConditionType.registered, status: .true, reason: "Registered", message: ""),
            at: at(0)
        )
        return cluster
    }

    static func incident(_ change: (inout ClusterAgent.FoldedEvent) -> Void = { _ in }) -> Incident {
        var event = event("a", "BackOff", "back-off restarting failed container")
        change(&event)
        return Incident.all(of: cluster(events: [event]))[0]
    }
}
