// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import Testing

@testable import AetheriusOperator

@Suite("IncidentStateMachine")
struct IncidentStateMachineTests {
    private typealias Surroundings = IncidentStateMachine.Surroundings

    private func surroundings(
        mayOpen: Bool = true,
        clusters: Int = 1,
        before: Int? = nil,
        writtenAt: Timestamp? = nil
    ) -> IncidentStateMachine.Surroundings {
        var surroundings = Surroundings(mayOpen: mayOpen, cooldown: .seconds(600))
        surroundings.clusters = clusters
        surroundings.countedBefore = before
        surroundings.writtenAt = writtenAt
        return surroundings
    }

    private func task(
        _ incident: Incident,
        count: Int = 1,
        resolvedAt: Timestamp? = nil,
        endedAt: Timestamp? = nil
    ) -> DiagnosticTask {
        var task = IncidentTask.make(for: incident, severity: nil, in: "aetherius-system")
        var noted = DiagnosticTask.Incident()
        noted.fingerprint = incident.fingerprint
        noted.count = count
        noted.firstSeen = incident.firstSeen
        noted.lastSeen = incident.lastSeen
        noted.resolvedAt = resolvedAt
        task.status.incident = noted
        task.status.completedAt = endedAt
        task.status.phase = endedAt == nil ? .running : .completed
        return task
    }

    @Test("given an incident without a task, then one is opened, unless it is over or the ClusterAgent forbids it")
    func opening() {
        let lasting = Samples.incident()
        let over = Samples.incident { $0.resolvedAt = Samples.at(70) }
        let now = Samples.at(100)
        #expect(IncidentStateMachine.next(lasting, task: nil, surroundings(), now: now).opening == .create)
        #expect(IncidentStateMachine.next(over, task: nil, surroundings(), now: now).opening == nil)
        let forbidden = IncidentStateMachine.next(lasting, task: nil, surroundings(mayOpen: false), now: now)
        #expect(forbidden == IncidentStateMachine.Decision())
    }

    @Test("given more events, then they are counted, but written once a minute at most")
    func counting() {
        let incident = Samples.incident { $0.count = 9 }
        let written = Samples.at(100)
        let soon = IncidentStateMachine.next(
            incident,
            task: task(incident, count: 4),
            surroundings(before: 4, writtenAt: written),
            now: Samples.at(130)
        )
        #expect(soon.note == nil && soon.lookAgain == .seconds(30))
        let later = IncidentStateMachine.next(
            incident,
            task: task(incident, count: 4),
            surroundings(before: 4, writtenAt: written),
            now: Samples.at(160)
        )
        #expect(later.note?.count == 9)
    }

    @Test("given an agent that counts anew, then the total goes on; given a restart of the operator, it does not fall")
    func countingAnew() {
        let incident = Samples.incident { $0.count = 2 }
        let anew = IncidentStateMachine.next(
            incident,
            task: task(incident, count: 10),
            surroundings(before: 8),
            now: Samples.at(200)
        )
        #expect(anew.note?.count == 12)
        let restarted = IncidentStateMachine.next(
            incident,
            task: task(incident, count: 10),
            surroundings(),
            now: Samples.at(200)
        )
        #expect(restarted.note == nil)
    }

    @Test("given counts beyond what a status can hold, then it holds the largest that it can")
    func largestCount() {
        let incident = Samples.incident { $0.count = Int(Int32.max) }
        for before in [nil, 5] {
            let decision = IncidentStateMachine.next(
                incident,
                task: task(incident, count: 10),
                surroundings(before: before),
                now: Samples.at(200)
            )
            #expect(decision.note?.count == Int(Int32.max))
        }
    }

    @Test("given an incident that ends, then that is written at once, and said once")
    func ending() {
        let incident = Samples.incident { $0.resolvedAt = Samples.at(90) }
        let open = task(incident)
        let surroundings = surroundings(before: 1, writtenAt: Samples.at(99))
        let first = IncidentStateMachine.next(incident, task: open, surroundings, now: Samples.at(100))
        #expect(first.isOver && first.note?.resolvedAt == Samples.at(90))
        let closed = task(incident, resolvedAt: Samples.at(90))
        let second = IncidentStateMachine.next(incident, task: closed, surroundings, now: Samples.at(100))
        #expect(second == IncidentStateMachine.Decision())
    }

    @Test("given an incident that comes back, then its task runs again, but not before the cooldown is over")
    func comingBack() {
        let incident = Samples.incident()
        let closed = task(incident, resolvedAt: Samples.at(70), endedAt: Samples.at(80))
        let early = IncidentStateMachine.next(incident, task: closed, surroundings(), now: Samples.at(679))
        #expect(early.opening == nil && early.note != nil && early.note?.resolvedAt == nil)
        let late = IncidentStateMachine.next(incident, task: closed, surroundings(), now: Samples.at(680))
        #expect(late.opening == .rerun)
        let running = task(incident, resolvedAt: Samples.at(70))
        #expect(
            IncidentStateMachine.next(incident, task: running, surroundings(), now: Samples.at(9999)).opening == nil
        )
        let lasting = task(incident, endedAt: Samples.at(80))
        #expect(
            IncidentStateMachine.next(incident, task: lasting, surroundings(), now: Samples.at(9999)).opening == nil
        )
    }

    @Test("given three clusters with the same trouble, then it is one step worse; given two, it is not")
    func sharing() {
        let incident = Samples.incident()
        let two = IncidentStateMachine.next(incident, task: nil, surroundings(clusters: 2), now: Samples.at(100))
        #expect(two.severity == .high)
        let three = IncidentStateMachine.next(incident, task: nil, surroundings(clusters: 3), now: Samples.at(100))
        #expect(three.severity == .critical)
        let known = IncidentStateMachine.next(
            incident,
            task: task(incident),
            surroundings(clusters: 3, before: 1),
            now: Samples.at(100)
        )
        #expect(known.severity == .critical)
    }

    @Test("given a budget of two a minute, then the third waits until the first is a minute old")
    func budget() {
        let budget = OpeningBudget(limit: 2)
        func take(at seconds: Int) -> Duration? { budget.take(at: .init(offset: .seconds(seconds))) }
        #expect(take(at: 0) == nil)
        #expect(take(at: 10) == nil)
        #expect(take(at: 10) == .seconds(50))
        #expect(take(at: 60) == nil)
        #expect(take(at: 60) == .seconds(10))
        budget.giveBack()
        #expect(take(at: 60) == nil, "what was not opened after all does not count")
        #expect(take(at: 60) == .seconds(10))
    }
}
