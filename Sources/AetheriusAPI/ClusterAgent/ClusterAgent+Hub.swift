// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ClusterAgent {
    /// The operator's side of an agent's status.
    public struct Hub: Sendable, Hashable {
        /// UID of the kube-system namespace seen at the first registration.
        ///
        /// An agent that reports another one is refused.
        public var clusterUID: String?
        /// When the agent registered first.
        public var registeredAt: Timestamp?
        /// When the operator last noted a heartbeat here: on changes and every few minutes.
        ///
        /// The agent's Lease has the exact time.
        public var lastHeartbeatObserved: Timestamp?
        /// Since when the agent is Offline; nil while it is not.
        public var offlineSince: Timestamp?
        /// When the agent's current credential expires.
        public var tokenExpiry: Timestamp?
        /// Events received from the agent since it registered.
        public var eventCount: Int64 = 0
        /// Reports of numbers received from the agent since it registered.
        public var metricsCount: Int64 = 0
        /// Tasks and plans the agent has finished since it registered.
        public var commandCount: Int64 = 0
        /// Work for this agent.
        public var queue = Queue()

        /// Creates the side of an agent that has not registered.
        public init() {}
    }

    /// Work for an agent.
    public struct Queue: Sendable, Hashable {
        /// Tasks and plans waiting.
        public var pending = 0
        /// Tasks and plans in the agent's hands.
        public var running = 0
        /// How long the oldest of the waiting has waited, in seconds; nil if nothing waits.
        public var oldestPendingSeconds: Int64?

        /// Creates an empty queue.
        public init() {}
    }
}

extension ClusterAgent.Hub: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "clusterUID": try reader.read(into: &clusterUID)
            case "registeredAt": try reader.read(into: &registeredAt)
            case "lastHeartbeatObserved": try reader.read(into: &lastHeartbeatObserved)
            case "offlineSince": try reader.read(into: &offlineSince)
            case "tokenExpiry": try reader.read(into: &tokenExpiry)
            case "eventCount": try reader.read(into: &eventCount)
            case "metricsCount": try reader.read(into: &metricsCount)
            case "commandCount": try reader.read(into: &commandCount)
            case "queue": try reader.read(into: &queue)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("clusterUID", clusterUID)
            writer.field("registeredAt", registeredAt)
            writer.field("lastHeartbeatObserved", lastHeartbeatObserved)
            writer.field("offlineSince", offlineSince)
            writer.field("tokenExpiry", tokenExpiry)
            writer.field("eventCount", eventCount)
            writer.field("metricsCount", metricsCount)
            writer.field("commandCount", commandCount)
            writer.field("queue", queue)
        }
    }
}

extension ClusterAgent.Queue: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "pending": try reader.read(into: &pending)
            case "running": try reader.read(into: &running)
            case "oldestPendingSeconds": try reader.read(into: &oldestPendingSeconds)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("pending", pending)
            writer.field("running", running)
            writer.field("oldestPendingSeconds", oldestPendingSeconds)
        }
    }
}
