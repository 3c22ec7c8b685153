// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient

/// The writes that carry a task from phase to phase.
///
/// Claims and ends replace the status of exactly one version; what leads up to them is applied.
struct DiagnosticTaskStatusClient: Sendable {
    private let objects: StatusClient<DiagnosticTask>

    init(client: KubernetesClient) { objects = StatusClient(client: client) }

    /// Says why nothing is done for the task.
    /// - Parameter end: until when that may be so; nil if the time that it may take does not count yet.
    func hold(
        _ task: DiagnosticTask,
        _ conditions: StandardConditions,
        until end: Timestamp? = nil
    ) async throws(KubeError) -> DiagnosticTask {
        var task = task
        let inputHash = TaskInput(spec: task.spec).hash
        // A task that is under way and only lacks its cluster for a moment keeps its place and its count of attempts.
        let isUnderWay = !task.status.isFinished && task.status.inputHash == inputHash
        if let end {
            task.status.inputHash = inputHash
            task.status.timeoutAt = end
        }
        return try await apply(
            task,
            phase: isUnderWay ? task.status.phase ?? .pending : .pending,
            conditions,
            keepsTimeout: isUnderWay || end != nil
        )
    }

    /// Notes the question and puts the task into the queue.
    func schedule(
        _ task: DiagnosticTask,
        inputHash: String,
        cluster: String,
        priority: Int,
        timeoutAt: Timestamp? = nil
    ) async throws(KubeError) -> DiagnosticTask {
        var task = task
        task.status.inputHash = inputHash
        task.status.clusterName = cluster
        task.status.priority = priority
        task.status.timeoutAt = timeoutAt
        task.status.startedAt = nil
        return try await apply(
            task,
            phase: .scheduled,
            StandardConditions(state: .reconciling, reason: "Scheduled", message: "waits for a free place"),
            keepsTimeout: timeoutAt != nil
        )
    }

    private func apply(
        _ task: DiagnosticTask,
        phase: DiagnosticTask.Phase,
        _ standard: StandardConditions,
        keepsTimeout: Bool
    ) async throws(KubeError) -> DiagnosticTask {
        var conditions = task.status.conditions
        let now = Timestamp.now
        standard.apply(to: &conditions, generation: task.metadata.generation, at: now)
        standard.applyOutcome(
            complete: false,
            failed: false,
            to: &conditions,
            generation: task.metadata.generation,
            at: now
        )
        let (status, applied) = (task.status, conditions)
        return try await objects.apply(task.metadata) { writer in
            writer.field("phase", phase)
            writer.field("observedGeneration", task.metadata.generation)
            writer.field("inputHash", status.inputHash)
            writer.field("clusterName", status.clusterName)
            writer.field("priority", status.priority)
            // Without a start it comes from here, and would be gone if it were left out.
            writer.field("timeoutAt", keepsTimeout ? status.timeoutAt : nil)
            writer.field("conditions", applied)
        }
    }

    /// Takes the task: from now on it is this process that works on it.
    func claim(_ task: DiagnosticTask, _ claim: Claim) async throws(KubeError) -> DiagnosticTask {
        var task = task
        let now = Timestamp.now.wholeSeconds
        // A further attempt does not get more time; a further run of a finished task does.
        if task.status.phase != .running || task.status.startedAt == nil {
            task.status.startedAt = now
            task.status.timeoutAt = now.advanced(by: .seconds(task.spec.limits.timeoutSeconds))
        }
        task.status.phase = .running
        task.status.attempts = claim.attempt ?? 1
        task.status.completedAt = nil
        task.status.agent = DiagnosticTask.AgentReport()
        task.status.agent?.claim = claim
        task.status.diagnosis = nil
        task.status.recommendations = []
        StandardConditions(state: .reconciling, reason: "Running", message: "claimed by \(claim.holder)")
            .apply(to: &task.status.conditions, generation: task.metadata.generation, at: now)
        return try await objects.update(task)
    }

    /// Says that a finished task's present spec has been seen.
    ///
    /// The whole status of one version is replaced: an application of these fields alone would give up the others.
    func acknowledge(_ task: DiagnosticTask) async throws(KubeError) -> DiagnosticTask {
        var task = task
        task.status.observedGeneration = task.metadata.generation
        for index in task.status.conditions.indices {
            task.status.conditions[index].observedGeneration = task.metadata.generation
        }
        return try await objects.update(task)
    }

    /// Ends the task.
    /// - Parameter change: fills in what else is known at the end.
    func end(
        _ task: DiagnosticTask,
        phase: DiagnosticTask.Phase,
        reason: String,
        message: String,
        _ change: (inout DiagnosticTask.Status) -> Void
    ) async throws(KubeError) -> DiagnosticTask {
        var task = task
        let now = Timestamp.now.wholeSeconds
        change(&task.status)
        task.status.phase = phase
        task.status.observedGeneration = task.metadata.generation
        task.status.inputHash = TaskInput(spec: task.spec).hash
        task.status.completedAt = now
        let isComplete = phase == .completed
        let standard = StandardConditions(state: isComplete ? .ready : .stalled, reason: reason, message: message)
        standard.apply(to: &task.status.conditions, generation: task.metadata.generation, at: now)
        standard.applyOutcome(
            complete: isComplete,
            failed: !isComplete,
            to: &task.status.conditions,
            generation: task.metadata.generation,
            at: now
        )
        return try await objects.update(task)
    }
}
