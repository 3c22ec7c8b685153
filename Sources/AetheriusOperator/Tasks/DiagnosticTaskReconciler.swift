// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// Carries a DiagnosticTask from the question to the answer.
///
/// All writes name the version they were decided on. So a decision from a stale cache, or of an operator that has lost
/// its lease, changes nothing: it fails with a conflict, and the next look decides anew.
struct DiagnosticTaskReconciler: Reconciler {
    let tasks: Store<DiagnosticTask>
    let clusters: ClusterDirectory
    let status: DiagnosticTaskStatusClient
    let client: KubernetesClient
    let investigator: Investigator
    let reports: AgentReportWriter
    let running: RunningTasks
    let events: EventRecorder
    let machine: TaskStateMachine
    let identity: String
    let metrics: TaskMetrics
    let logger: Logger

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        guard var task = tasks[request] else {
            try await dropCopies(of: request)
            return .done
        }
        do {
            if task.status.isFinished || task.spec.cancel { try await dropCopies(of: request) }
            // One pass carries a task as far as it goes; the bound is against a mistake in the rules of the machine.
            for _ in 0..<100 {
                let action = machine.next(task, cluster: cluster(of: task), now: .now)
                switch action {
                case .nothing: return .done
                case .checkAgain(let delay): return .requeue(after: delay)
                case .delete:
                    try await delete(task)
                    return .done
                case .forward(let scope, let cluster): return try await forward(task, scope, to: cluster)
                default: break
                }
                let began = ContinuousClock.now
                guard let next = try await perform(action, on: task) else {
                    guard case .wait(_, _, let end) = action else { return .done }
                    return .requeue(after: max(.milliseconds(10), end.since(.now)))
                }
                task = next
                logger.debug(
                    "task has moved on",
                    metadata: [
                        "task": "\(request)", "phase": "\(task.status.phase?.rawValue ?? "")",
                        "duration": "\(began.duration(to: .now))",
                    ]
                )
                if case .schedule(_, _, let priority, _) = action {
                    // Back into the queue: something that matters more may have come meanwhile.
                    return .requeue(after: .zero).withPriority(priority)
                }
            }
            throw KubeError(code: .internalError, message: "the task does not come to an end")
        } catch let error as KubeError where error.code == .conflict {
            // The cache is behind, or somebody has changed the task: the event about it is on its way.
            return .requeue(after: .milliseconds(50))
        } catch let error as KubeError where error.code == .notFound {
            return .done
        }
    }

    private func cluster(of task: DiagnosticTask) -> ClusterAgent? {
        clusters.get(task.spec.clusterRef?.name ?? AetheriusGroup.localClusterName)
    }

    /// Does what the machine asks for.
    /// - Returns: the task afterwards; nil if there is nothing more to do for now.
    private func perform(
        _ action: TaskStateMachine.Action,
        on task: DiagnosticTask
    ) async throws -> DiagnosticTask? {
        switch action {
        case .nothing, .checkAgain, .delete, .forward:
            return nil
        case .refuse(let reason, let message):
            try await hold(task, .stalled, reason: reason, message: message)
            return nil
        case .wait(let reason, let message, let end):
            try await hold(task, .reconciling, reason: reason, message: message, until: end)
            return nil
        case .schedule(let inputHash, let cluster, let priority, let timeoutAt):
            let scheduled = try await status.schedule(
                task,
                inputHash: inputHash,
                cluster: cluster,
                priority: priority,
                timeoutAt: timeoutAt
            )
            events.record(
                .normal,
                reason: EventReason.taskScheduled,
                message: "queued with priority \(priority) for cluster \(cluster)",
                about: task
            )
            return scheduled
        case .run(let scope, let attempt):
            return try await run(task, scope, attempt: attempt)
        case .acknowledge:
            return try await status.acknowledge(task)
        case .cancel:
            return try await end(task, .cancelled, "Cancelled", "spec.cancel is set")
        case .expire(let message):
            return try await end(task, .timedOut, "TimedOut", message)
        case .timeOut:
            return try await end(task, .timedOut, "TimedOut", timeoutMessage(task))
        case .giveUp:
            let tries = "\(task.status.attempts) attempts did not come to an end"
            return try await end(task, .failed, "RetriesExhausted", "\(tries); spec.limits.maxRetries allows no more")
        }
    }

    func timeoutMessage(_ task: DiagnosticTask) -> String {
        "it took longer than spec.limits.timeoutSeconds allows (\(task.spec.limits.timeoutSeconds) s)"
    }

    func hold(
        _ task: DiagnosticTask,
        _ state: StandardConditions.State,
        reason: String,
        message: String,
        until end: Timestamp? = nil
    ) async throws {
        let ready = task.status.conditions[ConditionType.ready]
        let isKnown =
            ready?.reason == reason && ready?.message == message
            && task.status.observedGeneration == task.metadata.generation
            && (end == nil || task.status.timeoutAt == end)
        guard !isKnown else { return }
        _ = try await status.hold(
            task,
            StandardConditions(state: state, reason: reason, message: message),
            until: end
        )
        // What is only waited for is often there a moment later: the condition says it, an event would alarm.
        guard state == .stalled else { return }
        events.record(.warning, reason: reason, message: message, about: task)
    }

    /// Ends the task and tells everybody.
    func end(
        _ task: DiagnosticTask,
        _ phase: DiagnosticTask.Phase,
        _ reason: String,
        _ message: String,
        _ change: (inout DiagnosticTask.Status) -> Void = { _ in }
    ) async throws(KubeError) -> DiagnosticTask {
        let ended = try await status.end(task, phase: phase, reason: reason, message: message, change)
        announce(ended, reason: reason, message: message)
        metrics.ended(ended, reason: reason)
        return ended
    }

    private func announce(_ task: DiagnosticTask, reason: String, message: String) {
        let (severity, eventReason): (EventRecorder.Severity, String) =
            switch task.status.phase {
            case .completed?: (.normal, EventReason.taskCompleted)
            case .timedOut?: (.warning, EventReason.taskTimedOut)
            case .cancelled?: (.normal, EventReason.taskCancelled)
            default: (.warning, EventReason.taskFailed)
            }
        events.record(severity, reason: eventReason, message: message, about: task)
        logger.info(
            "task has ended",
            metadata: [
                "task": "\(ObjectKey(task))", "phase": "\(task.status.phase?.rawValue ?? "")", "reason": "\(reason)",
                "cluster_id": "\(task.status.clusterName ?? "")",
            ]
        )
    }

    private func delete(_ task: DiagnosticTask) async throws {
        try await client.resources(DiagnosticTask.self, namespace: task.metadata.namespace).delete(
            task.metadata.name,
            DeleteOptions(uid: task.metadata.uid, resourceVersion: task.metadata.resourceVersion)
        )
    }
}
