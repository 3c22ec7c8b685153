// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What was observed of a pod.
public struct PodStatus: Sendable, Hashable {
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    public var phase = ""
    /// A word for why the pod is in this state, such as `Evicted`.
    public var reason: String?
    /// A sentence for the same.
    public var message: String?
    /// Conditions such as `PodScheduled`, `Ready`.
    public var conditions: [Condition] = []
    /// The states of the containers.
    public var containerStatuses: [ContainerStatus] = []
    /// The states of the init containers.
    public var initContainerStatuses: [ContainerStatus] = []
    /// The states of the containers that somebody has added for debugging.
    public var ephemeralContainerStatuses: [ContainerStatus] = []
    /// When the kubelet saw the pod first.
    public var startTime: Timestamp?
    /// Its address; empty until it has one.
    public var podIP = ""
    /// `Guaranteed`, `Burstable` or `BestEffort`.
    public var qosClass = ""
    /// The node for which it has pushed others off.
    public var nominatedNodeName: String?

    /// Creates the status of a pod that nobody has seen.
    public init() {}

    /// Whether the pod takes traffic.
    public var isReady: Bool { conditions.isTrue("Ready") }
}

extension PodStatus: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "phase": try reader.read(into: &phase)
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            case "conditions": try reader.read(into: &conditions)
            case "containerStatuses": try reader.read(into: &containerStatuses)
            case "initContainerStatuses": try reader.read(into: &initContainerStatuses)
            case "ephemeralContainerStatuses": try reader.read(into: &ephemeralContainerStatuses)
            case "startTime": try reader.read(into: &startTime)
            case "podIP": try reader.read(into: &podIP)
            case "qosClass": try reader.read(into: &qosClass)
            case "nominatedNodeName": try reader.read(into: &nominatedNodeName)
            default: try reader.skipValue()
            }
        }
    }
}

/// What was observed of one container.
public struct ContainerStatus: Sendable, Hashable {
    /// The container's name.
    public var name = ""
    /// The image it runs.
    public var image = ""
    /// How often it was started again.
    public var restartCount = 0
    /// Whether it passed its readiness probe.
    public var isReady = false
    /// Whether it passed its startup probe; nil on servers that do not say.
    public var hasStarted: Bool?
    /// The present state.
    public var state = ContainerState()
    /// The state before that.
    public var lastState = ContainerState()

    /// Creates an empty status.
    public init() {}
}

extension ContainerStatus: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "image": try reader.readShared(into: &image)
            case "restartCount": try reader.read(into: &restartCount)
            case "ready": try reader.read(into: &isReady)
            case "started": try reader.read(into: &hasStarted)
            case "state": try reader.read(into: &state)
            case "lastState": try reader.read(into: &lastState)
            default: try reader.skipValue()
            }
        }
    }
}

/// What a container does: at most one of the three is set.
public struct ContainerState: Sendable, Hashable {
    /// It cannot run yet.
    public struct Waiting: Sendable, Hashable {
        /// Such as `CrashLoopBackOff`, `ImagePullBackOff`.
        public var reason = ""
        /// A sentence for the same.
        public var message = ""
    }

    /// It runs.
    public struct Running: Sendable, Hashable {
        /// Since when.
        public var startedAt: Timestamp?
    }

    /// It has ended.
    public struct Terminated: Sendable, Hashable {
        /// What its first process returned; 128 plus the signal if one ended it.
        public var exitCode = 0
        /// The signal that ended it, where the runtime says so.
        public var signal: Int?
        /// Such as `Error`, `OOMKilled`, `Completed`.
        public var reason = ""
        /// The termination message, or the end of the log, depending on the container's policy.
        public var message = ""
        /// When it began.
        public var startedAt: Timestamp?
        /// When it ended.
        public var finishedAt: Timestamp?
    }

    /// Set if it cannot run yet.
    public var waiting: Waiting?
    /// Set if it runs.
    public var running: Running?
    /// Set if it has ended.
    public var terminated: Terminated?

    /// Creates a state that says nothing.
    public init() {}
}

extension ContainerState: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "waiting": try reader.read(into: &waiting)
            case "running": try reader.read(into: &running)
            case "terminated": try reader.read(into: &terminated)
            default: try reader.skipValue()
            }
        }
    }
}

extension ContainerState.Waiting: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            default: try reader.skipValue()
            }
        }
    }
}

extension ContainerState.Running: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "startedAt": try reader.read(into: &startedAt)
            default: try reader.skipValue()
            }
        }
    }
}

extension ContainerState.Terminated: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "exitCode": try reader.read(into: &exitCode)
            case "signal": try reader.read(into: &signal)
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            case "startedAt": try reader.read(into: &startedAt)
            case "finishedAt": try reader.read(into: &finishedAt)
            default: try reader.skipValue()
            }
        }
    }
}
