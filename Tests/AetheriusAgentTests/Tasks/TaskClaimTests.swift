// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Evidence
import KubeAPI
import Testing

@testable import AetheriusAgent

@Suite("Claiming tasks")
struct TaskClaimTests {
    private let machine = TaskClaimStateMachine(instanceID: "me")

    private func task(
        claim: Claim? = nil,
        gathered: Bool = false,
        _ change: (inout DiagnosticTask) -> Void = { _ in }
    ) -> DiagnosticTask {
        var task = DiagnosticTask(metadata: ObjectMeta(name: "t-1", namespace: "aetherius-agent-edge"), spec: .init())
        if claim != nil || gathered {
            var report = DiagnosticTask.AgentReport()
            report.claim = claim
            report.gatheredAt = gathered ? .now : nil
            task.status.agent = report
        }
        change(&task)
        return task
    }

    @Test("given a task that nobody has claimed, then it is claimed, unless another agent may hold the name")
    func unclaimed() {
        #expect(machine.next(task(), isHolder: true) == .claim(attempt: 1))
        #expect(machine.next(task(), isHolder: false) == .wait)
    }

    @Test("given a claim of an agent that has ended, then it is taken over as a further attempt")
    func takenOver() {
        let claimed = task(claim: Claim(holder: "other", attempt: 2))
        #expect(machine.next(claimed, isHolder: true) == .claim(attempt: 3))
    }

    @Test("given as many interruptions as there may be attempts, then the agent gives up")
    func givenUp() {
        let claim = Claim(holder: "other", attempt: 4)
        #expect(machine.next(task(claim: claim), isHolder: true) == .giveUp(claim))
    }

    @Test("given a claim of this agent, then it goes on")
    func own() {
        let claim = Claim(holder: "me", attempt: 1)
        #expect(machine.next(task(claim: claim), isHolder: true) == .run(claim))
    }

    @Test("given a task that is answered, cancelled, finished or to be deleted, then nothing is done")
    func nothing() {
        #expect(machine.next(task(claim: Claim(holder: "other"), gathered: true), isHolder: true) == .nothing)
        #expect(machine.next(task { $0.spec.cancel = true }, isHolder: true) == .nothing)
        #expect(machine.next(task { $0.status.phase = .timedOut }, isHolder: true) == .nothing)
        #expect(machine.next(task { $0.metadata.deletionTimestamp = .now }, isHolder: true) == .nothing)
    }

    @Test("given no word that the source may see everything, then the question stays within its namespace")
    func scope() throws {
        var access = ClusterAgent.Access()
        var asked = task { task in
            task.spec.target = ObjectReference(
                apiVersion: "apps/v1",
                kind: "Deployment",
                namespace: "shop",
                name: "web"
            )
        }
        let confined = try MailboxScope.scope(of: asked, access: access)
        #expect(confined.namespace == "shop")
        #expect(confined.isConfinedToNamespace)
        asked.metadata.annotations[CopyKey.confined] = "false"
        #expect(try !MailboxScope.scope(of: asked, access: access).isConfinedToNamespace)

        access.namespaces.exclude = ["sh*"]
        #expect(throws: FieldError.self) { try MailboxScope.scope(of: asked, access: access) }
        asked.spec.target = nil
        #expect(throws: FieldError.self) { try MailboxScope.scope(of: asked, access: access) }
        #expect(try MailboxScope.scope(of: asked, access: .init()).namespace == nil)
        asked.metadata.annotations = [:]
        #expect(throws: FieldError.self) { try MailboxScope.scope(of: asked, access: .init()) }
    }
}
