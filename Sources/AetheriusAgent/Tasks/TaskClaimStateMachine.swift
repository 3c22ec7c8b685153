// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Decides what an agent does with a task in its mailbox.
///
/// Pure: it is told everything it has to know.
struct TaskClaimStateMachine: Sendable {
    /// What to do next.
    enum Action: Sendable, Hashable {
        /// Nothing, until something changes.
        case nothing
        /// Nothing now: another agent may hold the name.
        case wait
        /// Take the task, then look.
        case claim(attempt: Int)
        /// Look: the task is taken.
        case run(Claim)
        /// Say that it has been tried as often as it may be.
        case giveUp(Claim)
    }

    /// This agent's instance.
    let instanceID: String

    /// What to do with a task.
    /// - Parameter isHolder: whether this agent holds the heartbeat's Lease. Then whoever else has claimed a task under
    ///   this agent's name has ended.
    func next(_ task: DiagnosticTask, isHolder: Bool) -> Action {
        guard task.metadata.deletionTimestamp == nil, !task.spec.cancel, !task.status.isFinished else {
            return .nothing
        }
        let report = task.status.agent
        guard report?.gatheredAt == nil else { return .nothing }
        guard isHolder else { return .wait }
        guard let claim = report?.claim, !claim.holder.isEmpty else { return .claim(attempt: 1) }
        if claim.holder == instanceID { return .run(claim) }
        let attempt = (claim.attempt ?? 1) + 1
        return attempt > task.spec.limits.maxRetries + 1 ? .giveUp(claim) : .claim(attempt: attempt)
    }
}
