// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Evidence
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// Works on the tasks in an agent's mailbox: claims them, looks, and writes down what was found.
struct MailboxReconciler: Reconciler {
    private enum Outcome: Sendable {
        case report(DiagnosticTask.AgentReport)
        case failure(EvidenceError)
        case timeOut
    }

    let tasks: Store<DiagnosticTask>
    let objects: ResourceClient<DiagnosticTask>
    let writer: AgentReportWriter
    let target: TargetHolder
    let access: @Sendable () -> ClusterAgent.Access
    let isHolder: @Sendable () -> Bool
    let running: RunningTasks
    let machine: TaskClaimStateMachine
    let metrics: AgentMetrics
    let health: HubHealth
    let logger: Logger

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        guard let task = tasks[request] else { return .done }
        do throws(KubeError) {
            switch machine.next(task, isHolder: isHolder()) {
            case .nothing: return .done
            case .wait: return .requeue(after: .seconds(5))
            case .claim(let attempt): try await work(on: try await claim(task, attempt))
            case .run: try await work(on: task)
            case .giveUp(let claim):
                let message = "the agent was interrupted \(claim.attempt ?? 1) times while it looked"
                try await end(task, claim, "Interrupted", message, status: "failed")
            }
            health.succeeded(.tasks)
            return .done
        } catch {
            if error.code == .cancelled { return .done }
            // Somebody else has changed the task: the next look is at what it is now.
            if error.code == .conflict || error.code == .notFound { return .requeue(after: .milliseconds(200)) }
            // The observed cluster's trouble is no trouble with the hub.
            if error.cause as? EvidenceError == nil { health.failed(.tasks, error) }
            throw error
        }
    }

    /// Takes the version of the task that was looked at, and no other.
    func claim(_ task: DiagnosticTask, _ attempt: Int) async throws(KubeError) -> DiagnosticTask {
        var task = task
        var report = DiagnosticTask.AgentReport()
        report.claim = Claim(
            holder: machine.instanceID,
            attempt: attempt,
            claimedAt: Timestamp.now.wholeSeconds
        )
        task.status.agent = report
        let claimed = try await objects.update(task, subresource: "status", fieldManager: FieldManager.agent)
        logger.info(
            "claimed a task",
            metadata: ["task": "\(task.metadata.name)", "command_id": "\(task.metadata.name)", "attempt": "\(attempt)"]
        )
        return claimed
    }

    private func work(on task: DiagnosticTask) async throws(KubeError) {
        guard let claim = task.status.agent?.claim else { return }
        let scope: EvidenceScope
        do {
            scope = try MailboxScope.scope(of: task, access: access())
        } catch {
            return try await end(task, claim, "AccessDenied", "\(error)", status: "refused")
        }
        let source = ClusterEvidence(client: try target.client())
        let outcome = await running.run(ObjectKey(task)) {
            await investigate(source, scope, claim, within: .seconds(task.spec.limits.timeoutSeconds))
        }
        switch outcome {
        case .report(let report): try await settle(report, task, claim, status: "completed")
        case .timeOut:
            let message = "looking took longer than spec.limits.timeoutSeconds, \(task.spec.limits.timeoutSeconds)"
            try await end(task, claim, "TimedOut", message, status: "failed")
        case .failure(let error) where error.code == .cancelled: metrics.ended("cancelled")
        case .failure(let error) where error.code == .unsupportedSubject:
            try await end(task, claim, "UnsupportedTarget", "spec.target.kind: \(error.message)", status: "refused")
        case .failure(let error):
            let limit = Duration.seconds(task.spec.limits.timeoutSeconds)
            // An API server that restarts is back in a moment.
            guard let claimedAt = claim.claimedAt, Timestamp.now.since(claimedAt) >= limit else {
                throw KubeError(code: .unavailable, message: error.message, cause: error)
            }
            try await end(task, claim, "ClusterUnreachable", error.message, status: "failed")
        }
    }

    private func investigate(
        _ source: ClusterEvidence,
        _ scope: EvidenceScope,
        _ claim: Claim,
        within limit: Duration
    ) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                do throws(EvidenceError) {
                    return .report(try await Investigator(source: source).investigate(scope, claim: claim))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                do { try await Task.sleep(for: limit) } catch { return nil }
                return .timeOut
            }
            defer { group.cancelAll() }
            for await outcome in group {
                if let outcome { return outcome }
            }
            return .failure(EvidenceError(code: .cancelled, message: "the task was cancelled"))
        }
    }

    /// Says that nothing could be found out, and why.
    private func end(
        _ task: DiagnosticTask,
        _ claim: Claim,
        _ reason: String,
        _ message: String,
        status: String
    ) async throws(KubeError) {
        var report = DiagnosticTask.AgentReport()
        report.claim = claim
        report.unreadable = [
            DiagnosticTask.Unreadable(
                what: DiagnosticTask.Unreadable.wholeQuestion,
                reason: reason,
                message: SafeText.of(message, bytes: 512)
            )
        ]
        report.gatheredAt = Timestamp.now.wholeSeconds
        try await settle(report, task, claim, status: status)
    }

    /// Writes what was found, also if somebody has changed the task's labels or the like meanwhile.
    private func settle(
        _ report: DiagnosticTask.AgentReport,
        _ task: DiagnosticTask,
        _ claim: Claim,
        status: String
    ) async throws(KubeError) {
        var current = task
        for attempt in 1... {
            do throws(KubeError) {
                _ = try await writer.write(report, to: current)
                metrics.ended(status)
                return
            } catch {
                guard error.code == .conflict, attempt < 5 else { throw error }
                current = try await objects.get(task.metadata.name)
                let isOurs =
                    current.metadata.uid == task.metadata.uid && current.status.agent?.claim == claim
                    && !current.spec.cancel
                guard isOurs else { throw error }
            }
        }
    }
}
