// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Finds what is wrong with a pod now, in one word and a sentence.
///
/// It is for a glance over a cluster; why it is so is for a diagnosis to find out.
enum PodTroubles {
    /// Waiting for these is part of a start.
    private static let ordinaryWaits: Set<String> = ["", "ContainerCreating", "PodInitializing"]

    /// What is wrong with a pod; nil if nothing is, or nothing can be said yet.
    static func trouble(of pod: Pod) -> ObservedPod.Trouble? {
        let status = pod.status
        if status.phase == "Succeeded" { return nil }
        if status.phase == "Failed" {
            let reason = status.reason.flatMap { $0.isEmpty ? nil : $0 } ?? "Failed"
            return trouble(reason, status.message ?? terminationMessage(of: pod) ?? "the pod has failed")
        }
        for container in status.initContainerStatuses + status.containerStatuses {
            if let found = trouble(of: container, in: pod) { return found }
        }
        if let scheduled = status.conditions["PodScheduled"], scheduled.status == .false,
            scheduled.reason != "SchedulingGated"
        {
            return trouble("FailedScheduling", scheduled.message)
        }
        guard status.phase == "Running", !status.isReady, pod.metadata.deletionTimestamp == nil else { return nil }
        // A container that has not been up for long may still become ready.
        let unready = status.containerStatuses.first {
            !$0.isReady && $0.state.running != nil && $0.hasStarted != false
        }
        return unready.map { trouble("Unready", "container \($0.name) runs and is not ready", $0.name) }
    }

    private static func trouble(of container: ContainerStatus, in pod: Pod) -> ObservedPod.Trouble? {
        if let waiting = container.state.waiting, !ordinaryWaits.contains(waiting.reason) {
            let last = container.lastState.terminated
            let message = waiting.message.isEmpty ? last?.message ?? "" : waiting.message
            return trouble(last?.reason == "OOMKilled" ? "OOMKilled" : waiting.reason, message, container.name)
        }
        guard let ended = container.state.terminated, ended.exitCode != 0, pod.spec.restartPolicy != "Never" else {
            return nil
        }
        let message = ended.message.isEmpty ? "exit code \(ended.exitCode)" : ended.message
        return trouble(ended.reason.isEmpty ? "Error" : ended.reason, message, container.name)
    }

    private static func terminationMessage(of pod: Pod) -> String? {
        let ended = pod.status.containerStatuses.first { $0.state.terminated.map { $0.exitCode != 0 } ?? false }
        return ended.map { "container \($0.name) ended with exit code \($0.state.terminated?.exitCode ?? 0)" }
    }

    private static func trouble(
        _ reason: String,
        _ message: String,
        _ container: String? = nil
    ) -> ObservedPod.Trouble {
        ObservedPod.Trouble(
            reason: reason.bounded(toUTF8: 128),
            message: SafeText.of(message),
            container: container
        )
    }
}
