// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ClusterAgent {
    /// The agent's side of its status, at most 16 KiB.
    ///
    /// Only the agent writes it.
    public struct AgentReport: Sendable, Hashable {
        /// Id of the running agent; a new one after every start.
        ///
        /// At most 128 characters.
        public var instanceID: String?
        /// UID of the kube-system namespace of the cluster the agent sees.
        public var clusterUID: String?
        /// Version of the agent.
        public var version: String?
        /// Version of the cluster's API server, such as `v1.29.4`.
        public var kubernetesVersion: String?
        /// When the agent started.
        public var startedAt: Timestamp?
        /// When the agent's own token for the hub expires, as the hub has told it; nil where somebody else renews it.
        public var tokenExpiry: Timestamp?
        /// What the agent can do: EventWatch, MetricsCollect, CommandExecute and the names of its actions.
        ///
        /// At most 64.
        public var capabilities: [String] = []
        /// The cluster in numbers.
        public var summary: Summary?
        /// Further numbers about the cluster and the agent.
        public var metrics: Metrics?
        /// The worst of what is unhealthy now.
        ///
        /// At most 10; ``unhealthyTotal`` says how many there are.
        public var unhealthy: [UnhealthyObject] = []
        /// How many objects are unhealthy, listed or not; nil if nobody has looked.
        public var unhealthyTotal: Int?
        /// Recent warnings, folded by owning workload and reason.
        public var events: EventSummary?
        /// What waits inside the agent.
        public var queues: Queues?
        /// Whether something was left out to stay within 16 KiB.
        public var truncated = false

        /// Creates an empty report.
        public init() {}
    }

    /// What waits inside an agent.
    public struct Queues: Sendable, Hashable {
        /// Events not reported yet.
        public var events = 0
        /// Reports of numbers not sent yet.
        public var metrics = 0
        /// Plans not begun yet.
        public var commands = 0

        /// Creates empty queues.
        public init() {}
    }
}

extension ClusterAgent.AgentReport: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "instanceID": try reader.read(into: &instanceID)
            case "clusterUID": try reader.read(into: &clusterUID)
            case "version": try reader.read(into: &version)
            case "kubernetesVersion": try reader.read(into: &kubernetesVersion)
            case "startedAt": try reader.read(into: &startedAt)
            case "tokenExpiry": try reader.read(into: &tokenExpiry)
            case "capabilities": try reader.read(into: &capabilities)
            case "summary": try reader.read(into: &summary)
            case "metrics": try reader.read(into: &metrics)
            case "unhealthy": try reader.read(into: &unhealthy)
            case "unhealthyTotal": try reader.read(into: &unhealthyTotal)
            case "events": try reader.read(into: &events)
            case "queues": try reader.read(into: &queues)
            case "truncated": try reader.read(into: &truncated)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("instanceID", instanceID)
            writer.field("clusterUID", clusterUID)
            writer.field("version", version)
            writer.field("kubernetesVersion", kubernetesVersion)
            writer.field("startedAt", startedAt)
            writer.field("tokenExpiry", tokenExpiry)
            writer.field("capabilities", capabilities.nonEmpty)
            writer.field("summary", summary)
            writer.field("metrics", metrics)
            writer.field("unhealthy", unhealthy.nonEmpty)
            writer.field("unhealthyTotal", unhealthyTotal)
            writer.field("events", events)
            writer.field("queues", queues)
            writer.field("truncated", truncated.onlyTrue)
        }
    }
}

extension ClusterAgent.Queues: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "events": try reader.read(into: &events)
            case "metrics": try reader.read(into: &metrics)
            case "commands": try reader.read(into: &commands)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("events", events)
            writer.field("metrics", metrics)
            writer.field("commands", commands)
        }
    }
}
