// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Evidence
import KubeAPI
import KubeRuntime
import Testing

@testable import AetheriusOperator

@Suite("Tasks for the agents of other clusters")
struct ForwardStateMachineTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private func cluster(_ phase: ClusterAgent.Phase = .online, accepted: Bool = true) -> ClusterAgent {
        var agent = ClusterAgent(metadata: ObjectMeta(name: "berlin"), spec: .init(mode: .remote))
        agent.spec.accepted = accepted
        agent.status.phase = phase
        return agent
    }

    private func task(_ phase: DiagnosticTask.Phase = .scheduled, endsIn seconds: Int = 600) -> DiagnosticTask {
        var task = DiagnosticTask(metadata: ObjectMeta(name: "why", namespace: "shop"), spec: .init())
        task.metadata.uid = "uid"
        task.status.phase = phase
        task.status.timeoutAt = now.advanced(by: .seconds(seconds))
        return task
    }

    private func copy(_ claim: Claim? = nil, isDone: Bool = false) -> DiagnosticTask {
        var copy = DiagnosticTask(metadata: ObjectMeta(name: "t-1"), spec: .init())
        guard let claim else { return copy }
        copy.status.agent = DiagnosticTask.AgentReport()
        copy.status.agent?.claim = claim
        copy.status.agent?.gatheredAt = isDone ? now : nil
        return copy
    }

    private func next(
        _ task: DiagnosticTask,
        _ cluster: ClusterAgent,
        _ copy: DiagnosticTask?
    ) -> ForwardStateMachine.Action {
        ForwardStateMachine.next(task, cluster: cluster, copy: copy, now: now)
    }

    @Test("given an agent that is there, then the task is sent, and then waited for", arguments: [true, false])
    func send(isDegraded: Bool) {
        let cluster = cluster(isDegraded ? .degraded : .online)
        #expect(next(task(), cluster, nil) == .send)
        #expect(next(task(), cluster, copy()) == .nothing)
    }

    @Test("given an agent that is not there, then nothing is sent, and the reason says what is wrong")
    func wait() {
        let cases: [(ClusterAgent, String)] = [
            (cluster(.offline), "AgentOffline"), (cluster(.registering), "AgentNotRegistered"),
            (cluster(.pending, accepted: false), "AgentNotAccepted"),
        ]
        for (cluster, expected) in cases {
            guard case .wait(let reason, let message) = next(task(), cluster, nil) else {
                Issue.record("it does not wait for \(expected)")
                continue
            }
            #expect(reason == expected)
            #expect(message.contains("berlin") && message.contains("waits"))
        }
        guard case .wait(_, let message) = next(task(), cluster(.offline), copy()) else {
            Issue.record("it does not wait")
            return
        }
        #expect(message.contains("mailbox"))
    }

    @Test("given a time that is over before an agent took the task, then it ends, and says why")
    func timeOut() {
        guard case .timeOut(let offline) = next(task(endsIn: 0), cluster(.offline), nil) else {
            Issue.record("it does not end")
            return
        }
        #expect(offline.contains("is offline") && offline.contains("600 s"))
        guard case .timeOut(let idle) = next(task(endsIn: 0), cluster(), copy()) else {
            Issue.record("it does not end")
            return
        }
        #expect(idle.contains("did not take"))
    }

    @Test("given a claim, then it is noted once, and again for each new holder")
    func claimed() {
        let (first, second) = (Claim(holder: "a", attempt: 1), Claim(holder: "b", attempt: 2))
        #expect(next(task(), cluster(), copy(first)) == .claimed(first))
        var running = task(.running)
        running.status.agent = copy(first).status.agent
        #expect(next(running, cluster(), copy(first)) == .nothing)
        #expect(next(running, cluster(), copy(second)) == .claimed(second))
    }

    @Test("given an agent that has taken the task, then it gets a little longer than it has itself")
    func grace() {
        let claim = Claim(holder: "a", attempt: 1)
        var running = task(.running, endsIn: -14)
        running.status.agent = copy(claim).status.agent
        #expect(next(running, cluster(), copy(claim)) == .nothing)
        running.status.timeoutAt = now.advanced(by: .seconds(-15))
        guard case .timeOut(let message) = next(running, cluster(), copy(claim)) else {
            Issue.record("it does not end")
            return
        }
        #expect(message.contains("did not answer"))
    }

    @Test("given an answer, then it counts, also late and from an agent that is gone")
    func answer() {
        let claim = Claim(holder: "a", attempt: 1)
        guard
            case .answer(let report) = next(task(.running, endsIn: -100), cluster(.offline), copy(claim, isDone: true))
        else {
            Issue.record("it was not taken")
            return
        }
        #expect(report.claim == claim)
    }

    @Test("given a task, then its copy says what it may look at and where it came from, and asks the same")
    func makeCopy() {
        var source = task()
        source.spec.ttlSecondsAfterFinished = 60
        source.spec.question = "why?"
        let scope = EvidenceScope(subject: nil, namespace: "shop", isConfinedToNamespace: true)
        let copy = TaskCopy.make(of: source, scope, for: "berlin")
        #expect(copy.metadata.namespace == "aetherius-agent-berlin")
        #expect(copy.metadata.labels[CopyKey.sourceUID] == "uid")
        #expect(copy.metadata.annotations[CopyKey.confined] == "true")
        #expect(TaskCopy.source(of: copy)?.description == "shop/why")
        #expect(copy.spec.target?.namespace == "shop")
        #expect(copy.spec.clusterRef?.name == "berlin")
        #expect(copy.spec.question == "why?")
        #expect(copy.spec.ttlSecondsAfterFinished == nil)
        #expect(copy.metadata.name.count == 18)

        let whole = EvidenceScope(subject: nil, namespace: nil, isConfinedToNamespace: false)
        let free = TaskCopy.make(of: source, whole, for: "berlin")
        #expect(free.metadata.annotations[CopyKey.confined] == "false")
        #expect(free.spec.target == nil)
        source.spec.retryGeneration = 1
        #expect(TaskCopy.name(of: source) != copy.metadata.name, "an old answer is not taken for the new one")
        #expect(TaskCopy.source(of: source) == nil, "what lies elsewhere is no copy, whatever it says")
    }
}
