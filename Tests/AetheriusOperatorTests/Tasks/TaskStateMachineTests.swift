// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Evidence
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite("TaskStateMachine")
struct TaskStateMachineTests {
    private let machine = TaskStateMachine(operatorNamespace: "aetherius-system")
    private let now = Timestamp(seconds: 1_800_000_000)
    private let local = ClusterAgent(metadata: ObjectMeta(name: "local"), spec: .init(mode: .local))

    private func task(_ change: (inout DiagnosticTask) -> Void = { _ in }) -> DiagnosticTask {
        let target = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web")
        var task = DiagnosticTask(metadata: ObjectMeta(name: "why", namespace: "shop"), spec: .init(target: target))
        change(&task)
        return task
    }

    /// A task that has been put into the queue with its present question.
    private func asked(
        _ phase: DiagnosticTask.Phase,
        _ change: (inout DiagnosticTask) -> Void = { _ in }
    ) -> DiagnosticTask {
        task { task in
            task.status.phase = phase
            task.status.inputHash = TaskInput(spec: task.spec).hash
            change(&task)
        }
    }

    private func next(_ task: DiagnosticTask, in cluster: ClusterAgent?) -> TaskStateMachine.Action {
        machine.next(task, cluster: cluster, now: now)
    }

    @Test("given a new task, then it is scheduled with the hash of its question and its priority")
    func schedule() {
        let task = task { $0.spec.severity = .critical }
        let hash = TaskInput(spec: task.spec).hash
        #expect(next(task, in: local) == .schedule(inputHash: hash, cluster: "local", priority: 100))
    }

    @Test("given a scheduled task, then its first attempt runs on its target")
    func run() {
        let task = asked(.scheduled)
        let scope = EvidenceScope(subject: task.spec.target, namespace: "shop", isConfinedToNamespace: true)
        #expect(next(task, in: local) == .run(scope, attempt: 1))
    }

    @Test("given a task that somebody was running, then the next attempt begins, as long as any is left")
    func takeOver() {
        let scope = EvidenceScope(subject: task().spec.target, namespace: "shop", isConfinedToNamespace: true)
        let lost = asked(.running) { $0.status.attempts = 3 }
        #expect(next(lost, in: local) == .run(scope, attempt: 4))
        let exhausted = asked(.running) { $0.status.attempts = 4 }
        #expect(next(exhausted, in: local) == .giveUp)
    }

    @Test("given a running task whose time is over, then it times out")
    func timeOut() {
        let late = asked(.running) { task in
            task.status.attempts = 1
            task.status.timeoutAt = now
        }
        #expect(next(late, in: local) == .timeOut)
    }

    @Test(
        "given a task that is not finished, when it is cancelled, then it ends",
        arguments: [nil, DiagnosticTask.Phase.pending, .scheduled, .running]
    )
    func cancel(phase: DiagnosticTask.Phase?) {
        let cancelled = task { task in
            task.status.phase = phase
            task.spec.cancel = true
        }
        #expect(next(cancelled, in: local) == .cancel)
    }

    @Test(
        "given a finished task, when anything but its question changes, then it does not run again",
        arguments: [DiagnosticTask.Phase.completed, .failed, .timedOut, .cancelled]
    )
    func finished(phase: DiagnosticTask.Phase) {
        #expect(next(asked(phase), in: local) == .nothing)
        let touched = asked(phase) { task in
            task.spec.feedback = .init(rating: .positive)
            task.spec.cancel = true
            task.spec.severity = .low
            task.metadata.labels["team"] = "shop"
        }
        #expect(next(touched, in: local) == .nothing)
    }

    @Test("given a finished task, when it is asked again, then it is scheduled again and starts at attempt 1")
    func askAgain() {
        var task = asked(.completed) { $0.status.attempts = 4 }
        task.spec.retryGeneration = 1
        guard case .schedule(let hash, _, _, _) = next(task, in: local) else {
            Issue.record("it was not scheduled")
            return
        }
        task.status.phase = .scheduled
        task.status.inputHash = hash
        #expect(
            next(task, in: local)
                == .run(
                    EvidenceScope(subject: task.spec.target, namespace: "shop", isConfinedToNamespace: true),
                    attempt: 1
                )
        )
    }

    @Test("given a time to live, then the finished task is checked when it is over, and deleted")
    func timeToLive() {
        func task(finishedSecondsAgo seconds: Int) -> DiagnosticTask {
            asked(.completed) { task in
                task.spec.ttlSecondsAfterFinished = 60
                task.status.completedAt = now.advanced(by: .seconds(-seconds))
            }
        }
        #expect(next(task(finishedSecondsAgo: 20), in: local) == .checkAgain(after: .seconds(40)))
        #expect(next(task(finishedSecondsAgo: 60), in: local) == .delete)
    }

    @Test("given a spec that an older schema let through, then the refusal names the field")
    func invalid() {
        let task = task { $0.spec.limits.timeoutSeconds = 0 }
        guard case .refuse("InvalidSpec", let message) = next(task, in: local) else {
            Issue.record("it was not refused")
            return
        }
        #expect(message.hasPrefix("spec.limits.timeoutSeconds"))
    }

    @Test("given no such ClusterAgent, then the task waits for it")
    func unknownCluster() {
        let task = task { $0.spec.clusterRef = NameReference(name: "berlin") }
        guard case .wait("ClusterNotFound", let message, let end) = next(task, in: nil) else {
            Issue.record("it does not wait")
            return
        }
        #expect(message.contains("berlin"))
        #expect(end == now.advanced(by: .seconds(600)))
    }

    @Test(
        "given no such ClusterAgent for as long as the task may take, then it ends, and says which one; a new question has time anew"
    )
    func unknownClusterForGood() {
        func waiting(until end: Timestamp) -> DiagnosticTask {
            var task = asked(.pending) {
                $0.spec.clusterRef = NameReference(name: "berlin")
                $0.spec.limits.timeoutSeconds = 30
                $0.status.timeoutAt = end
            }
            task.status.inputHash = TaskInput(spec: task.spec).hash
            return task
        }
        let soon = now.advanced(by: .seconds(1))
        guard case .wait(_, _, soon) = next(waiting(until: soon), in: nil) else {
            Issue.record("it does not wait until its time is over")
            return
        }
        guard case .expire(let message) = next(waiting(until: now), in: nil) else {
            Issue.record("it waits on")
            return
        }
        #expect(message.contains("spec.clusterRef.name: there is no ClusterAgent named berlin"))
        #expect(message.contains("spec.limits.timeoutSeconds (30 s)"))
        var again = waiting(until: now)
        again.spec.retryGeneration = 1
        guard case .wait(_, _, let end) = next(again, in: nil) else {
            Issue.record("a new question has no time of its own")
            return
        }
        #expect(end == now.advanced(by: .seconds(30)))
    }

    private func berlin(_ grant: [String]) -> ClusterAgent {
        var remote = ClusterAgent(metadata: ObjectMeta(name: "berlin"), spec: .init(mode: .remote))
        remote.spec.access.tenants = [.init(hubNamespace: "shop", namespaces: grant)]
        return remote
    }

    @Test("given a cluster with an agent of its own, then the task gets a time by which it ends, and is for that agent")
    func forwarded() {
        let remote = berlin(["shop"])
        let end = now.advanced(by: .seconds(600))
        let hash = TaskInput(spec: task().spec).hash
        #expect(
            next(task(), in: remote)
                == .schedule(inputHash: hash, cluster: "berlin", priority: 10, timeoutAt: end)
        )
        let scope = EvidenceScope(subject: task().spec.target, namespace: "shop", isConfinedToNamespace: true)
        for phase in [DiagnosticTask.Phase.scheduled, .running] {
            #expect(next(asked(phase), in: remote) == .forward(scope, remote))
        }
    }

    @Test("given the namespace of the same name in another cluster, then it is another's, unless it is granted")
    func namesake() {
        guard case .refuse("Forbidden", let message) = next(task(), in: berlin(["other"])) else {
            Issue.record("it was not refused")
            return
        }
        #expect(message.contains("namespace shop of cluster berlin"))
    }

    @Test("given a task about another namespace, then it is refused unless the ClusterAgent grants it")
    func tenancy() {
        let foreign = task { $0.spec.target?.namespace = "bank" }
        guard case .refuse("Forbidden", let message) = next(foreign, in: local) else {
            Issue.record("it was not refused")
            return
        }
        #expect(message.contains("namespace shop may not look at namespace bank"))

        var granting = local
        granting.spec.access.tenants = [.init(hubNamespace: "shop", namespaces: ["ba*"])]
        guard case .schedule = next(foreign, in: granting) else {
            Issue.record("the grant has no effect")
            return
        }
    }

    @Test("given a task without a target, then it means its own namespace; in the operator's, the whole cluster")
    func noTarget() throws {
        let tenant = DiagnosticTask(metadata: ObjectMeta(name: "why", namespace: "shop"))
        let own = try TaskScope.scope(of: tenant, in: local, operatorNamespace: "aetherius-system")
        #expect(own == EvidenceScope(namespace: "shop", isConfinedToNamespace: true))

        let admin = DiagnosticTask(metadata: ObjectMeta(name: "why", namespace: "aetherius-system"))
        let everything = try TaskScope.scope(of: admin, in: local, operatorNamespace: "aetherius-system")
        #expect(everything == EvidenceScope(namespace: nil))
    }

    @Test("given a task that asks about a Namespace object, then that namespace decides, not the task's own")
    func namespaceTarget() {
        let sly = task { $0.spec.target = ObjectReference(apiVersion: "v1", kind: "Namespace", name: "bank") }
        #expect(throws: FieldError.self) {
            try TaskScope.scope(of: sly, in: local, operatorNamespace: "aetherius-system")
        }
    }

    @Test(
        "given a pattern, then a star stands for any characters",
        arguments: [
            ("team-*", "team-a", true), ("team-*", "steam-a", false), ("*", "any", true), ("a*b*c", "axxbyyc", true),
            ("a*b*c", "acb", false), ("ab*ba", "aba", false), ("exact", "exactly", false),
        ]
    )
    func patterns(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern.matches(pattern, name) == matches)
    }

    @Test("given a finished task whose new generation asks the same, then that is acknowledged once")
    func acknowledgement() {
        let changed = asked(.completed) { task in
            task.metadata.generation = 2
            task.status.observedGeneration = 1
        }
        #expect(next(changed, in: local) == .acknowledge)
        var seen = changed
        seen.status.observedGeneration = 2
        #expect(next(seen, in: local) == .nothing)
        var cancelled = changed
        cancelled.spec.cancel = true
        cancelled.spec.question = "another one"
        #expect(next(cancelled, in: local) == .acknowledge)
        cancelled.status.observedGeneration = 2
        #expect(next(cancelled, in: local) == .nothing)
    }

    @Test("given weights, then they add to the severity")
    func priority() {
        var cluster = local
        cluster.spec.priorityWeight = 5
        cluster.spec.diagnosis.namespaceWeights = ["shop": 7]
        #expect(TaskPriority.priority(of: task { $0.spec.severity = .high }, in: cluster) == 62)
        #expect(TaskPriority.priority(of: task(), in: nil) == 10)
    }
}
