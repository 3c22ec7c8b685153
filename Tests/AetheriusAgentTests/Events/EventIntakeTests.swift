// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import Testing

@testable import AetheriusAgent

@Suite("Taking in events")
struct EventIntakeTests {
    private let clock = HandClock()
    private let intake: EventIntake
    private let observation: TargetObservation
    private let owners: OwnerResolver

    init() throws {
        intake = EventIntake(clock: AnyClock(clock))
        // Nobody listens there, and nothing is asked.
        let client = try KubernetesClient(configuration: ClientConfiguration(server: "http://127.0.0.1:1"))
        observation = TargetObservation(client: client, intake: intake, logger: .silent)
        owners = OwnerResolver(observation)
    }

    private func event(
        _ uid: String,
        version: Int,
        about kind: String = "Node",
        _ change: (inout Event) -> Void = { _ in }
    ) -> Event {
        var event = Event(metadata: ObjectMeta(name: uid, namespace: "shop"))
        event.metadata.uid = uid
        event.metadata.resourceVersion = "\(version)"
        event.involvedObject = ObjectReference(apiVersion: "v1", kind: kind, namespace: "shop", name: "a")
        event.reason = "BackOff"
        event.type = "Warning"
        event.message = "message"
        change(&event)
        return event
    }

    private var items: [ClusterAgent.FoldedEvent] { intake.withFolder { $0.summary().items } }

    @Test("given a list that is made again, then what it held before does not count again, and what is new counts once")
    func relisted() {
        intake.receive(.listing, owners)
        intake.receive(.listed(event("a", version: 5)), owners)
        intake.receive(.replaced(resourceVersion: "9"), owners)
        intake.receive(.applied(event("b", version: 12)), owners)
        #expect(items.first?.count == 2)
        intake.receive(.listing, owners)
        for (uid, version) in [("a", 5), ("b", 12), ("c", 20)] {
            intake.receive(.listed(event(uid, version: version)), owners)
        }
        intake.receive(.replaced(resourceVersion: "21"), owners)
        #expect(items.first?.count == 3)
    }

    @Test("given a new connection to the same cluster, then what it lists does not count again")
    func reconnected() {
        intake.receive(.listed(event("a", version: 500)), owners)
        intake.receive(.replaced(resourceVersion: "900"), owners)
        intake.beginTarget()
        intake.receive(.listed(event("a", version: 500)), owners)
        intake.receive(.replaced(resourceVersion: "900"), owners)
        #expect(items.first?.count == 1)
    }

    @Test(
        "given an event of a pod that is not known, then its owner is waited for, and after ten seconds it is folded under the pod"
    )
    func orphan() {
        nothingIsReadable()
        intake.receive(.replaced(resourceVersion: "1"), owners)
        intake.receive(
            .applied(
                event("a", version: 2, about: "Pod") { $0.involvedObject.fieldPath = "spec.containers{app}" }
            ),
            owners
        )
        #expect(items.isEmpty)
        clock.advance(by: .seconds(9))
        intake.settle(owners)
        #expect(items.isEmpty)
        clock.advance(by: .seconds(1))
        intake.settle(owners)
        #expect(items.first?.object.kind == "Pod")
        #expect(items.first?.object.namespace == "shop")
    }

    @Test("given an event of a first list whose owner the other lists do not have yet, then it is waited for as well")
    func initialOrphan() {
        nothingIsReadable()
        for (uid, kind) in [("a", "Pod"), ("b", "ReplicaSet"), ("c", "Job")] {
            intake.receive(.listed(event(uid, version: 2, about: kind)), owners)
        }
        intake.receive(.replaced(resourceVersion: "3"), owners)
        #expect(items.isEmpty)
        clock.advance(by: .seconds(10))
        intake.settle(owners)
        #expect(Set(items.map(\.object.kind)) == ["Pod", "ReplicaSet", "Job"])
    }

    @Test("given first lists that are not there yet, then the owners are waited for a minute longer")
    func learning() {
        intake.receive(.listed(event("a", version: 2, about: "Pod")), owners)
        clock.advance(by: .seconds(69))
        intake.settle(owners)
        #expect(items.isEmpty)
        clock.advance(by: .seconds(1))
        intake.settle(owners)
        #expect(items.first?.object.kind == "Pod")
    }

    /// What may not be read is not waited for.
    private func nothingIsReadable() {
        for kind in observation.pendingKinds {
            observation.health.failed(kind, KubeError(code: .forbidden, message: "no"))
        }
        #expect(observation.pendingKinds.isEmpty && !observation.isLearning)
    }

    @Test("given a kind that is not served, then nobody waits for it; given one that fails for now, events do")
    func failures() {
        for (code, waits) in [(KubeError.Code.notFound, false), (.forbidden, false), (.internalError, true)] {
            for kind in Set(observation.pendingKinds).union(observation.health.unreadable.keys) {
                observation.health.failed(kind, KubeError(code: code, message: "no"))
            }
            // An agent is ready all the same.
            #expect(observation.pendingKinds.isEmpty)
            #expect(observation.isLearning == waits, "\(code)")
        }
    }

    @Test(
        "given events about this program's own objects, ordinary ones, and others' repetitions, then only troubles count, as often as they happened"
    )
    func admitted() {
        intake.receive(.replaced(resourceVersion: "1"), owners)
        intake.receive(
            .applied(event("own", version: 2) { $0.involvedObject.apiVersion = AetheriusGroup.apiVersion }),
            owners
        )
        intake.receive(.applied(event("normal", version: 3) { $0.type = "Normal" }), owners)
        #expect(items.isEmpty)
        intake.receive(.applied(event("series", version: 4) { $0.seriesCount = 2 }), owners)
        intake.receive(.applied(event("series", version: 5) { $0.seriesCount = 6 }), owners)
        #expect(items.first?.count == 5)
        // A node's events carry a namespace that the node does not have.
        #expect(items.first?.object.namespace == "")
    }

    @Test("given settings that report less, then what is there is forgotten, and more does not come in")
    func settings() {
        intake.receive(.replaced(resourceVersion: "1"), owners)
        intake.receive(.applied(event("a", version: 2, about: "Service")), owners)
        #expect(items.count == 1)
        var spec = ClusterAgent.Spec(mode: .remote)
        spec.report.events.namespaces = ["billing"]
        intake.follow(agent(spec))
        #expect(items.isEmpty)
        intake.receive(.applied(event("b", version: 3, about: "Service")), owners)
        #expect(items.isEmpty)
    }

    @Test("given settings that rate events anew, then so are those that are there or wait for their owner")
    func rated() {
        nothingIsReadable()
        intake.receive(.replaced(resourceVersion: "1"), owners)
        intake.receive(.applied(event("a", version: 2, about: "Service")), owners)
        intake.receive(.applied(event("b", version: 3, about: "Pod")), owners)
        #expect(items.map(\.severity) == [.high])
        var spec = ClusterAgent.Spec(mode: .remote)
        spec.report.events.severities = ["BackOff": .low]
        intake.follow(agent(spec))
        #expect(items.map(\.severity) == [.low])
        clock.advance(by: .seconds(10))
        intake.settle(owners)
        #expect(items.map(\.severity) == [.low, .low])
        spec.report.events.minSeverity = .medium
        intake.follow(agent(spec))
        #expect(items.isEmpty)
    }

    @Test("given settings that changed while no process ran, then what was told before is looked at by them")
    func restoredUnderNewSettings() {
        func told(_ key: String, _ reason: String) -> ClusterAgent.FoldedEvent {
            let object = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: key)
            var event = ClusterAgent.FoldedEvent(key: key, reason: reason, object: object)
            event.severity = .high
            return event
        }
        var spec = ClusterAgent.Spec(mode: .remote)
        spec.report.events.reasons = ["BackOff"]
        spec.report.events.severities = ["BackOff": .critical]
        intake.follow(agent(spec, events: [told("a1", "BackOff"), told("b2", "FailedMount")]))
        #expect(items.map(\.key) == ["a1"])
        #expect(items.map(\.severity) == [.critical])
    }

    private func agent(
        _ spec: ClusterAgent.Spec = .init(mode: .remote),
        uid: String = "one",
        events: [ClusterAgent.FoldedEvent] = []
    ) -> ClusterAgent {
        var agent = ClusterAgent(metadata: ObjectMeta(name: "edge"), spec: spec)
        agent.metadata.uid = uid
        agent.status.agent = ClusterAgent.AgentReport()
        agent.status.agent?.events = ClusterAgent.EventSummary()
        agent.status.agent?.events?.items = events
        return agent
    }

    @Test("given settings that have not come, then nothing is taken in before they do")
    func waiting() async throws {
        let waiting = Task { [intake] in try await intake.waitForSettings() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        intake.follow(agent())
        try await intake.waitForSettings()
    }

    @Test(
        "given what an earlier process told, then it is taken up once, and a ClusterAgent made again hears of all anew"
    )
    func followed() {
        var told = ClusterAgent.FoldedEvent(
            key: "0123456789abcdef",
            reason: "BackOff",
            object: ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web"),
            count: 7
        )
        told.severity = .high
        intake.follow(agent(events: [told]))
        #expect(items.map(\.count) == [7])
        #expect(!intake.withFolder { $0.hasNews })
        told.count = 9
        intake.follow(agent(events: [told]))
        #expect(items.map(\.count) == [7], "that is what this process has told itself")
        intake.follow(agent(uid: "two"))
        #expect(items.map(\.count) == [7])
        #expect(intake.withFolder { $0.hasNews })
    }

    @Test("given events, then they are counted without being kept, and those that are gone are not")
    func census() {
        let census = EventCensus()
        #expect(census.count == nil)
        census.receive(.listing)
        census.receive(.listed(event("a", version: 1)))
        census.receive(.listed(event("b", version: 2) { $0.type = "Normal" }))
        census.receive(.replaced(resourceVersion: "3"))
        census.receive(.applied(event("a", version: 4)))
        census.receive(.applied(event("c", version: 5)))
        #expect(census.count == 3)
        #expect(census.warningCount == 2)
        census.receive(.deleted(event("a", version: 6)))
        #expect(census.count == 2)
        #expect(census.warningCount == 1)
    }
}
