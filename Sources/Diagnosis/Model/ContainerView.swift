// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// One container of a pod, its wanted and its present state side by side.
public struct ContainerView: Sendable {
    /// The pod.
    public let pod: Pod
    /// What is wanted.
    public let spec: Container
    /// What was observed.
    public let status: ContainerStatus
    /// Whether it has to end before the others start.
    public let isInit: Bool
    private let takenAt: Timestamp

    /// Every container of a snapshot that the kubelet has reported on.
    public static func all(in snapshot: Snapshot) -> [ContainerView] {
        snapshot.pods.flatMap { pod in
            func views(_ specs: [Container], _ statuses: [ContainerStatus], isInit: Bool) -> [ContainerView] {
                statuses.map { status in
                    let spec = specs.first { $0.name == status.name } ?? Container(name: status.name)
                    return ContainerView(
                        pod: pod,
                        spec: spec,
                        status: status,
                        isInit: isInit,
                        takenAt: snapshot.takenAt
                    )
                }
            }
            // A pod that is being deleted ends its containers on purpose.
            guard pod.metadata.deletionTimestamp == nil, pod.status.phase != "Succeeded" else {
                return [ContainerView]()
            }
            return views(pod.spec.initContainers, pod.status.initContainerStatuses, isInit: true)
                + views(pod.spec.containers, pod.status.containerStatuses, isInit: false)
        }
    }

    /// How the container's last run ended, if that still is its trouble; nil if it runs well again.
    public var currentTermination: ContainerState.Terminated? {
        if let terminated = status.state.terminated {
            return terminated.exitCode == 0 ? nil : terminated
        }
        guard let last = status.lastState.terminated else { return nil }
        if status.state.waiting?.reason == "CrashLoopBackOff" { return last }
        guard let running = status.state.running, !isInit else { return nil }
        return hasRecovered(since: running.startedAt, last) ? nil : last
    }

    /// Whether the kubelet is waiting before it starts the container again.
    public var isBackingOff: Bool { status.state.waiting?.reason == "CrashLoopBackOff" }

    /// A container that ends soon after each start is up for a moment every time, and without a readiness probe even
    /// ready.
    ///
    /// So being up counts as having recovered only when it has lasted longer than the last run did, with a minute for
    /// slow starters and the ten minutes after which the kubelet itself forgets the restarts.
    private func hasRecovered(since start: Timestamp?, _ last: ContainerState.Terminated) -> Bool {
        guard status.restartCount > 0 else { return true }
        guard let start else { return status.isReady }
        let upFor = takenAt.since(start)
        guard let ended = last.finishedAt, let began = last.startedAt else {
            return status.isReady && upFor >= .seconds(60)
        }
        let lastRun = ended.since(began)
        return upFor >= min(.seconds(600), max(.seconds(60), lastRun * 2))
    }

    /// The path of the container's status within the pod.
    public var statusPath: String {
        "status.\(isInit ? "initContainerStatuses" : "containerStatuses")[\(status.name)]"
    }
}
