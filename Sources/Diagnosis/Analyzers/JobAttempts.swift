// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// A Job starts another pod when one fails, and a CronJob another Job.
enum JobAttempts {
    /// Whether a failed Job is one of a CronJob's past, because a later one has ended well.
    ///
    /// A CronJob keeps its last failed Job (`failedJobsHistoryLimit`) however long ago that was.
    static func isHistory(_ job: Workload, in snapshot: Snapshot) -> Bool {
        guard let failed = job.status.conditions["Failed"], failed.status == .true,
            let controller = job.metadata.controllerReference, controller.kind == CronJob.apiResource.kind,
            let made = job.metadata.creationTimestamp
        else { return false }
        let cronJob = snapshot.cronJobs[controller.name, in: job.metadata.namespace ?? ""]
        if let success = cronJob?.lastSuccessfulTime, success > failed.lastTransitionTime ?? made { return true }
        return snapshot.workloads.contains { other in
            other.kind == job.kind && other.metadata.controllerReference?.uid == controller.uid
                && other.metadata.creationTimestamp.map { $0 > made } ?? false
                && other.status.conditions.isTrue("Complete")
        }
    }

    /// Whether a failed pod belongs to a Job that has completed since, or whose next attempt is under way.
    static func isHistory(_ pod: Pod, in snapshot: Snapshot) -> Bool {
        guard let controller = pod.metadata.controllerReference, controller.kind == "Job",
            let job = snapshot.workload(controller, in: pod.metadata.namespace ?? "")
        else { return false }
        let conditions = job.status.conditions
        if conditions.isTrue("Complete") || conditions.isTrue("SuccessCriteriaMet") { return true }
        if isHistory(job, in: snapshot) { return true }
        guard pod.status.phase == "Failed", !conditions.isTrue("Failed") else { return false }
        return snapshot.pods(controlledBy: controller.uid).contains {
            $0.status.phase == "Running"
                && $0.metadata.deletionTimestamp == nil
                && $0.status.containerStatuses.allSatisfy { $0.state.running != nil && $0.lastState.terminated == nil }
        }
    }
}
