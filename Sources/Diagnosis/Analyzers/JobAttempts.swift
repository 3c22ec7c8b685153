// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// A Job starts another pod when one fails.
enum JobAttempts {
    /// Whether a failed pod belongs to a Job that has completed since, or whose next attempt is under way.
    static func isHistory(_ pod: Pod, in snapshot: Snapshot) -> Bool {
        guard let controller = pod.metadata.controllerReference, controller.kind == "Job",
            let job = snapshot.workload(controller, in: pod.metadata.namespace ?? "")
        else { return false }
        let conditions = job.status.conditions
        if conditions.isTrue("Complete") || conditions.isTrue("SuccessCriteriaMet") { return true }
        guard pod.status.phase == "Failed", !conditions.isTrue("Failed") else { return false }
        return snapshot.pods(controlledBy: controller.uid).contains {
            $0.status.phase == "Running"
                && $0.metadata.deletionTimestamp == nil
                && $0.status.containerStatuses.allSatisfy { $0.state.running != nil && $0.lastState.terminated == nil }
        }
    }
}
