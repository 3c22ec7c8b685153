// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Evidence
import KubeAPI

/// Decides what a DiagnosticTask needs next.
///
/// Pure: it is told everything it has to know, the time included, and answers with an action.
struct TaskStateMachine {
    enum Action: Equatable {
        /// Nothing, until something changes.
        case nothing
        /// The spec cannot be worked on; say so and wait for a change.
        case refuse(reason: String, message: String)
        /// What the task needs is not there; say so and wait for it, but no longer than until a time.
        case wait(reason: String, message: String, until: Timestamp)
        /// What the task needs did not come in time, as the message says.
        case expire(message: String)
        /// Note the question and put the task into the queue.
        ///
        /// A task for the agent of another cluster has a time by which it ends from now on.
        case schedule(inputHash: String, cluster: String, priority: Int, timeoutAt: Timestamp? = nil)
        /// Claim the task and look.
        case run(EvidenceScope, attempt: Int)
        /// Have the agent of another cluster look.
        case forward(EvidenceScope, ClusterAgent)
        /// The user does not want the answer any more.
        case cancel
        /// The time is over.
        case timeOut
        /// It has been tried as often as it may be.
        case giveUp
        /// Nothing but to say that the present spec has been seen: it asks the question that is answered already.
        case acknowledge
        /// The finished task has been kept long enough.
        case delete
        /// Look again after this time.
        case checkAgain(after: Duration)
    }

    let operatorNamespace: String
    /// The only namespaces that the operator may read; none for the whole cluster.
    var installed: Set<String> = []

    /// What to do next with a task.
    /// - Parameters:
    ///   - task: the task as it is.
    ///   - cluster: the ClusterAgent that it names, or the local one; nil if there is none.
    ///   - now: the present.
    func next(_ task: DiagnosticTask, cluster: ClusterAgent?, now: Timestamp) -> Action {
        guard task.metadata.deletionTimestamp == nil else { return .nothing }
        let inputHash = TaskInput(spec: task.spec).hash
        // Who waits for a task takes it as under way until its status speaks of the present spec.
        let isSeen = task.status.observedGeneration ?? 0 >= task.metadata.generation ?? 0
        if task.status.isFinished, task.status.inputHash == inputHash {
            return isSeen ? afterFinish(task, now) : .acknowledge
        }
        if task.spec.cancel, !task.status.isFinished { return .cancel }
        // A cancelled task whose question changes stays cancelled until the user takes that back.
        if task.spec.cancel { return isSeen ? .nothing : .acknowledge }

        let errors = task.validate()
        guard errors.isEmpty else { return .refuse(reason: "InvalidSpec", message: errors.sentence) }
        let clusterName = task.spec.clusterRef?.name ?? AetheriusGroup.localClusterName
        guard let cluster else {
            return wait(task, inputHash, for: clusterName, now)
        }
        let scope: EvidenceScope
        do {
            scope = try TaskScope.scope(
                of: task,
                in: cluster,
                operatorNamespace: operatorNamespace,
                installed: installed
            )
        } catch {
            return .refuse(reason: "Forbidden", message: error.description)
        }
        guard task.status.inputHash == inputHash, let phase = task.status.phase, phase != .pending else {
            return .schedule(
                inputHash: inputHash,
                cluster: cluster.metadata.name,
                priority: TaskPriority.priority(of: task, in: cluster),
                // Nobody claims what nobody can be asked to look into.
                timeoutAt: cluster.isInProcess
                    ? nil : now.wholeSeconds.advanced(by: .seconds(task.spec.limits.timeoutSeconds))
            )
        }
        guard cluster.isInProcess else { return .forward(scope, cluster) }
        guard phase == .running else { return .run(scope, attempt: 1) }
        // A task that is found Running here has lost its runner: otherwise nobody would ask.
        if let timeoutAt = task.status.timeoutAt, now >= timeoutAt { return .timeOut }
        guard task.status.attempts <= task.spec.limits.maxRetries else { return .giveUp }
        return .run(scope, attempt: task.status.attempts + 1)
    }

    /// The time that a task may take counts while there is nobody who could look, too.
    private func wait(_ task: DiagnosticTask, _ inputHash: String, for cluster: String, _ now: Timestamp) -> Action {
        let message = "spec.clusterRef.name: there is no ClusterAgent named \(cluster)"
        let seconds = task.spec.limits.timeoutSeconds
        let isCounting = !task.status.isFinished && task.status.inputHash == inputHash
        let end = (isCounting ? task.status.timeoutAt : nil) ?? now.wholeSeconds.advanced(by: .seconds(seconds))
        guard now < end else {
            return .expire(
                message: "\(message), and spec.limits.timeoutSeconds (\(seconds) s) allows to wait no longer"
            )
        }
        return .wait(reason: "ClusterNotFound", message: message, until: end)
    }

    private func afterFinish(_ task: DiagnosticTask, _ now: Timestamp) -> Action {
        guard let seconds = task.spec.ttlSecondsAfterFinished, let completedAt = task.status.completedAt else {
            return .nothing
        }
        let left = completedAt.advanced(by: .seconds(seconds)).since(now)
        return left <= .zero ? .delete : .checkAgain(after: left)
    }
}
