// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import Evidence
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

extension DiagnosticTaskReconciler {
    /// Has the agent of another cluster look into a task, step by step, each with the next event.
    func forward(
        _ task: DiagnosticTask,
        _ scope: EvidenceScope,
        to cluster: ClusterAgent
    ) async throws -> ReconcileResult {
        let copies = copies(of: ObjectKey(task))
        let name = TaskCopy.name(of: task)
        let mailbox = AgentNames.mailbox(cluster.metadata.name)
        let copy = copies.first { $0.metadata.name == name && $0.metadata.namespace == mailbox }
        // What was asked before, or of another cluster, is of no use any more.
        try await drop(copies.filter { $0.metadata.uid != copy?.metadata.uid })
        switch ForwardStateMachine.next(task, cluster: cluster, copy: copy, now: .now) {
        case .nothing: break
        case .wait(let reason, let message):
            try await hold(task, .reconciling, reason: reason, message: message)
        case .send:
            try await send(TaskCopy.make(of: task, scope, for: cluster.metadata.name))
            try await hold(
                task,
                .reconciling,
                reason: "Sent",
                message: "waits for the agent of cluster \(cluster.metadata.name) to take it"
            )
        case .claimed(let claim):
            _ = try await status.claim(task, claim)
            metrics.claimed(task, attempt: claim.attempt ?? 1)
            let message = "the agent of cluster \(cluster.metadata.name) looks for the cause"
            events.record(.normal, reason: EventReason.taskStarted, message: message, about: task)
        case .answer(let report):
            try await finish(task, scope, report)
            return .done
        case .timeOut(let message):
            _ = try await end(task, .timedOut, "TimedOut", message)
            return .done
        }
        return ForwardStateMachine.deadline(of: task).map { .requeue(after: max(.milliseconds(10), $0.since(.now))) }
            ?? .done
    }

    /// Removes what lies in mailboxes for a task that there is no more, or that has ended.
    func dropCopies(of task: ObjectKey) async throws { try await drop(copies(of: task)) }

    private func copies(of task: ObjectKey) -> [DiagnosticTask] {
        tasks.objects(in: TaskCopy.bySource.name, value: "\(task)")
    }

    private func drop(_ copies: [DiagnosticTask]) async throws {
        for copy in copies where copy.metadata.deletionTimestamp == nil {
            do throws(KubeError) {
                try await client.resources(DiagnosticTask.self, namespace: copy.metadata.namespace).delete(
                    copy.metadata.name,
                    DeleteOptions(uid: copy.metadata.uid)
                )
            } catch {
                guard error.code == .notFound || error.code == .conflict else { throw error }
            }
        }
    }

    private func send(_ copy: DiagnosticTask) async throws(KubeError) {
        do throws(KubeError) {
            _ = try await client.resources(DiagnosticTask.self, namespace: copy.metadata.namespace).create(
                copy,
                fieldManager: FieldManager.operator
            )
        } catch {
            // The cache has not seen yet what was sent already.
            guard error.code == .alreadyExists else { throw error }
        }
    }

    /// Decides on what the agent has found.
    private func finish(
        _ task: DiagnosticTask,
        _ scope: EvidenceScope,
        _ report: DiagnosticTask.AgentReport
    ) async throws(KubeError) {
        let duration = task.status.startedAt.map { max(.zero, Timestamp.now.since($0)) } ?? .zero
        metrics.gathered(report, in: duration)
        let reported = try await reports.write(report, to: task)
        if let refusal = report.refusal {
            let phase: DiagnosticTask.Phase = refusal.reason == "TimedOut" ? .timedOut : .failed
            _ = try await end(reported, phase, refusal.reason, refusal.message ?? "the agent could not look")
            return
        }
        let answer = Decider.decide(task.spec, in: scope.namespace, report, duration: duration)
        _ = try await end(reported, .completed, answer.reason, answer.diagnosis.summary ?? "") { status in
            status.diagnosis = answer.diagnosis
            status.recommendations = answer.recommendations
        }
    }
}

extension DiagnosticTask.AgentReport {
    /// Why the agent has not looked at all; nil if it has.
    fileprivate var refusal: DiagnosticTask.Unreadable? {
        guard findings.isEmpty, evidence.isEmpty, unreadable.count == 1,
            unreadable[0].what == DiagnosticTask.Unreadable.wholeQuestion
        else { return nil }
        return unreadable[0]
    }
}
