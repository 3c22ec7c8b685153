// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Which task comes first.
enum TaskPriority {
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
