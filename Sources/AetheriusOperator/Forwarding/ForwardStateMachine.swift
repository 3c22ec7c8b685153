// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Decides what is next for a task that the agent of another cluster is to look into.
///
/// Pure: it is told everything it has to know, the time included.
enum ForwardStateMachine {
    enum Action: Equatable {
        /// The agent cannot be asked now; say so.
        case wait(reason: String, message: String)
        /// Put a copy into the agent's mailbox.
        case send
        /// The agent has taken the task: note by whom.
        case claimed(Claim)
        /// The agent has answered.
        case answer(DiagnosticTask.AgentReport)
        /// The time is over.
        case timeOut(message: String)
        /// Nothing, until something changes.
        case nothing
    }

    /// How much longer than the agent itself the hub waits for its answer.
    static let grace = Duration.seconds(15)

    /// What to do next with a task that is scheduled or runs.
    /// - Parameters:
    ///   - cluster: the ClusterAgent that it is about.
    ///   - copy: what lies in the mailbox for the present question; nil if nothing does.
    static func next(
        _ task: DiagnosticTask,
        cluster: ClusterAgent,
        copy: DiagnosticTask?,
        now: Timestamp
    ) -> Action {
        if let report = copy?.status.agent, report.gatheredAt != nil { return .answer(report) }
        let claim = copy?.status.agent?.claim.flatMap { $0.holder.isEmpty ? nil : $0 }
        let isTaken = claim != nil && task.status.phase == .running
        if let end = deadline(of: task), now >= end {
            return .timeOut(message: "\(late(task, cluster, isTaken)); spec.limits.timeoutSeconds allows no more")
        }
        if let claim, task.status.phase != .running || task.status.agent?.claim != claim { return .claimed(claim) }
        guard cluster.status.phase?.isAlive == true else {
            let why = reason(cluster)
            let rest = copy == nil ? "the task waits for it" : "the task lies in its mailbox"
            return .wait(reason: why.reason, message: "\(why.message); \(rest) until its time is over")
        }
        return copy == nil ? .send : .nothing
    }

    /// When the hub gives up.
    static func deadline(of task: DiagnosticTask) -> Timestamp? {
        task.status.timeoutAt.map { task.status.phase == .running ? $0.advanced(by: grace) : $0 }
    }

    private static func late(_ task: DiagnosticTask, _ cluster: ClusterAgent, _ isTaken: Bool) -> String {
        let name = cluster.metadata.name
        guard cluster.status.phase?.isAlive == true else {
            return "\(reason(cluster).message), for the \(task.spec.limits.timeoutSeconds) s that the task may take"
        }
        return isTaken
            ? "the agent of cluster \(name) took the task and did not answer in \(task.spec.limits.timeoutSeconds) s"
            : "the agent of cluster \(name) did not take the task in \(task.spec.limits.timeoutSeconds) s"
    }

    private static func reason(_ cluster: ClusterAgent) -> (reason: String, message: String) {
        let name = cluster.metadata.name
        guard cluster.spec.accepted else {
            return ("AgentNotAccepted", "ClusterAgent \(name) is not accepted (spec.accepted)")
        }
        guard cluster.status.phase == .offline else {
            return ("AgentNotRegistered", "the agent of cluster \(name) has not registered (see its conditions)")
        }
        return ("AgentOffline", "the agent of cluster \(name) is offline (see its condition Online)")
    }
}
