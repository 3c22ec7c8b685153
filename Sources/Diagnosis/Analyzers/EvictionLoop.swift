// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Pods of one controller that are evicted one after the other, each for a limit of its own.
///
/// Between two of them the workload looks well.
enum EvictionLoop {
    /// From how many pods on it is a loop.
    private static let minimumPods = 3
    /// How old the newest eviction may be.
    private static let recent = Duration.seconds(600)

    /// Whether a pod is one of a loop that goes on.
    static func isGoingOn(_ pod: Pod, in snapshot: Snapshot) -> Bool {
        guard isForOwnLimit(pod), let controller = pod.metadata.controllerReference else { return false }
        let evicted = snapshot.pods(controlledBy: controller.uid).filter(isForOwnLimit)
        guard evicted.count >= minimumPods, let newest = evicted.compactMap({ time(of: $0, in: snapshot) }).max() else {
            return false
        }
        return snapshot.takenAt.since(newest) <= recent
    }

    /// Whether the kubelet has evicted the pod for what it used beyond its own limit; of the node's it says "low on
    /// resource".
    private static func isForOwnLimit(_ pod: Pod) -> Bool {
        guard pod.status.phase == "Failed", pod.status.reason == "Evicted", let text = pod.status.message else {
            return false
        }
        let isExceeded = ["exceeds the total limit", "exceeds the limit", "exceeded its local ephemeral storage limit"]
            .contains { text.contains($0) }
        return isExceeded && !text.contains("low on resource")
    }

    private static func time(of pod: Pod, in snapshot: Snapshot) -> Timestamp? {
        let said = snapshot.events(about: pod.reference).first { $0.reason == "Evicted" }?.lastSeen
        // The condition came with 1.26.
        return [said, pod.status.conditions["DisruptionTarget"]?.lastTransitionTime, pod.status.startTime]
            .compactMap(\.self).max()
    }
}
