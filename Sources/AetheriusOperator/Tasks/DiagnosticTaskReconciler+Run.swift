// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import Evidence
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

extension DiagnosticTaskReconciler {
    private enum Outcome: Sendable {
        case report(DiagnosticTask.AgentReport)
        case failure(EvidenceError)
        case timeOut
    }

    /// Claims the task, has the agent look, and writes the answer.
    func run(_ task: DiagnosticTask, _ scope: EvidenceScope, attempt: Int) async throws -> DiagnosticTask {
        let began = ContinuousClock.now
        let claim = Claim(holder: identity, attempt: attempt, claimedAt: Timestamp.now.wholeSeconds)
        let claimed = try await status.claim(task, claim)
        metrics.claimed(task, attempt: attempt)
        events.record(
            .normal,
            reason: EventReason.taskStarted,
            message: attempt == 1 ? "looking for the cause" : "looking for the cause, attempt \(attempt)",
            about: task
        )
        let outcome = await running.run(ObjectKey(task)) {
            await investigate(scope, claim, until: claimed.status.timeoutAt)
        }
        switch outcome {
        case .report(let report):
            metrics.gathered(report, in: began.duration(to: .now))
            logger.debug(
                "evidence is there",
                metadata: ["task": "\(ObjectKey(task))", "duration": "\(began.duration(to: .now))"]
            )
            let reported = try await settle(claimed, claim) { task throws(KubeError) in
                try await reports.write(report, to: task)
            }
            let answer = Decider.decide(task.spec, in: scope.namespace, report, duration: began.duration(to: .now))
            return try await settle(reported, claim) { task throws(KubeError) in
                try await complete(task, with: answer)
            }
        case .timeOut:
            return try await end(claimed, .timedOut, "TimedOut", timeoutMessage(task))
        case .failure(let error) where error.code == .unsupportedSubject:
            return try await end(claimed, .failed, "UnsupportedTarget", "spec.target.kind: \(error.message)")
        case .failure(let error) where error.code == .cancelled:
            // Cancelled by the user, and the next look ends the task; or the process stops, and the next one goes on.
            try Task.checkCancellation()
            return try await live(task)
        case .failure(let error):
            guard attempt > task.spec.limits.maxRetries else { throw error }
            return try await end(claimed, .failed, "ClusterUnreachable", error.message)
        }
    }

    private func complete(_ task: DiagnosticTask, with answer: Decider.Answer) async throws(KubeError) -> DiagnosticTask
    {
        return try await end(task, .completed, answer.reason, answer.diagnosis.summary ?? "") { status in
            status.diagnosis = answer.diagnosis
            status.recommendations = answer.recommendations
        }
    }

    private func live(_ task: DiagnosticTask) async throws(KubeError) -> DiagnosticTask {
        try await client.resources(DiagnosticTask.self, namespace: task.metadata.namespace).get(task.metadata.name)
    }

    /// Writes to the claimed task, also if somebody has changed its labels or the like meanwhile: an answer is too
    /// dear to be thrown away for that.
    ///
    /// It is thrown away if the question has changed or the claim is another's.
    private func settle(
        _ task: DiagnosticTask,
        _ claim: Claim,
        _ write: (DiagnosticTask) async throws(KubeError) -> DiagnosticTask
    ) async throws(KubeError) -> DiagnosticTask {
        let question = TaskInput(spec: task.spec).hash
        var current = task
        for _ in 0..<4 {
            do throws(KubeError) {
                return try await write(current)
            } catch {
                guard error.code == .conflict else { throw error }
                current = try await live(task)
                let isOurs =
                    current.metadata.uid == task.metadata.uid && current.status.phase == .running
                    && current.status.agent?.claim == claim && TaskInput(spec: current.spec).hash == question
                    && !current.spec.cancel
                guard isOurs else { throw error }
            }
        }
        return try await write(current)
    }

    private func investigate(
        _ scope: EvidenceScope,
        _ claim: Claim,
        until timeoutAt: Timestamp?
    ) async -> Outcome {
        let investigator = investigator
        return await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                do throws(EvidenceError) {
                    return .report(try await investigator.investigate(scope, claim: claim))
                } catch {
                    return .failure(error)
                }
            }
            if let timeoutAt {
                group.addTask {
                    do {
                        try await Task.sleep(for: max(.zero, timeoutAt.since(.now)))
                        return .timeOut
                    } catch {
                        return nil
                    }
                }
            }
            defer { group.cancelAll() }
            for await outcome in group {
                if let outcome { return outcome }
            }
            return .failure(EvidenceError(code: .cancelled, message: "the task was cancelled"))
        }
    }
}
