// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Which task comes first.
enum TaskPriority {
    /// What puts tasks that nobody has looked at yet before all that wait to run.
    ///
    /// Noting a task takes a moment, and only when all of them are noted is it known which one matters most.
    static let unseen = 1_000_000

    /// The place of a task in the queue.
    static func queuePriority(of task: DiagnosticTask, in cluster: ClusterAgent?) -> Int {
        let isNew = task.status.phase == nil || task.status.phase == .pending
        return priority(of: task, in: cluster) + (isNew || task.spec.cancel ? unseen : 0)
    }

    /// The weight of a task's severity and place.
    /// - Parameters:
    ///   - task: the task; without a severity it counts as Medium.
    ///   - cluster: the cluster it is about, whose weights are added.
    static func priority(of task: DiagnosticTask, in cluster: ClusterAgent?) -> Int {
        let base =
            switch task.spec.severity ?? .medium {
            case .critical: 100
            case .high: 50
            case .low: 1
            default: 10
            }
        let target = task.spec.target?.namespace ?? ""
        let namespace = target.isEmpty ? task.metadata.namespace ?? "" : target
        let weights = cluster?.spec.diagnosis.namespaceWeights ?? [:]
        return base + (cluster?.spec.priorityWeight ?? 0) + (weights[namespace] ?? 0)
    }
}
