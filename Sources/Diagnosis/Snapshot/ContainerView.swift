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
    /// What the container is for.
    public let role: Role
    private let takenAt: Timestamp

    /// What a container is for.
    public enum Role: Sendable, Hashable {
        /// It does the pod's work.
        case main
        /// It has to end before those start.
        case initial
        /// It is started before those and runs beside them.
        case sidecar
        /// Somebody has added it to look at the pod; the pod does not depend on it.
        case ephemeral
    }

    /// Whether it has to end before the others start.
    public var isInit: Bool { role == .initial }

    /// Every container that the pods depend on and that the kubelet has reported on.
    public static func all(in snapshot: Snapshot) -> [ContainerView] {
        snapshot.index.containers { snapshot.pods.flatMap { all(of: $0, takenAt: snapshot.takenAt) } }
    }

    /// Those, and the containers that somebody has added to look at a pod.
    public static func allAndEphemeral(in snapshot: Snapshot) -> [ContainerView] {
        all(in: snapshot)
            + snapshot.pods.filter { $0.metadata.deletionTimestamp == nil }.flatMap { pod in
                pod.status.ephemeralContainerStatuses.map { status in
                    ContainerView(
                        pod: pod,
                        spec: Container(name: status.name, image: status.image),
                        status: status,
                        role: .ephemeral,
                        takenAt: snapshot.takenAt
                    )
                }
            }
    }

    /// Every container of one pod that the pod depends on and that the kubelet has reported on.
    static func all(of pod: Pod, takenAt: Timestamp) -> [ContainerView] {
        func views(_ specs: [Container], _ statuses: [ContainerStatus], isBefore: Bool) -> [ContainerView] {
            statuses.map { status in
                let spec = specs.first { $0.name == status.name } ?? Container(name: status.name)
                let isSidecar = spec.restartPolicy == "Always"
                return ContainerView(
                    pod: pod,
                    spec: spec,
                    status: status,
                    role: isBefore ? (isSidecar ? .sidecar : .initial) : .main,
                    takenAt: takenAt
                )
            }
        }
        // A pod that is being deleted ends its containers on purpose.
        guard pod.metadata.deletionTimestamp == nil, pod.status.phase != "Succeeded" else { return [] }
        return views(pod.spec.initContainers, pod.status.initContainerStatuses, isBefore: true)
            + views(pod.spec.containers, pod.status.containerStatuses, isBefore: false)
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

    /// How long the present run has lasted; nil if it does not run.
    public var upFor: Duration? { status.state.running?.startedAt.map { takenAt.since($0) } }

    /// The path of the container's status within the pod.
    public var statusPath: String {
        let list =
            switch role {
            case .main: "containerStatuses"
            case .initial, .sidecar: "initContainerStatuses"
            case .ephemeral: "ephemeralContainerStatuses"
            }
        return "status.\(list)[\(status.name)]"
    }

    /// The path by which events name the container.
    public var eventPath: String {
        let list =
            switch role {
            case .main: "containers"
            case .initial, .sidecar: "initContainers"
            case .ephemeral: "ephemeralContainers"
            }
        return "spec.\(list){\(status.name)}"
    }

    /// What people call it, such as `init container setup`.
    public var title: String {
        switch role {
        case .main: "container \(status.name)"
        case .initial: "init container \(status.name)"
        case .sidecar: "sidecar container \(status.name)"
        case .ephemeral: "ephemeral container \(status.name)"
        }
    }
}
