// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ClusterAgent {
    /// What the operator and the agent know about a cluster.
    ///
    /// The agent writes ``agent``; the operator writes the rest.
    public struct Status: Sendable, Hashable {
        /// State of the agent as the operator sees it; nil until the operator has seen the object.
        public var phase: Phase?
        /// The `metadata.generation` this status answers to.
        public var observedGeneration: Int64?
        /// The operator's side.
        public var hub: Hub?
        /// The agent's side, at most 16 KiB; nil before its first report.
        public var agent: AgentReport?
        /// Ready, Reconciling and Stalled, and the agent's own (see ``ConditionType``).
        ///
        /// At most 24.
        public var conditions: [Condition] = []

        /// Creates the status of an agent that nobody has seen.
        public init() {}
    }

    /// State of an agent.
    public struct Phase: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// Not accepted or not deployed yet.
        public static let pending = Self(rawValue: "Pending")
        /// Waiting for its first heartbeat.
        public static let registering = Self(rawValue: "Registering")
        /// Alive.
        public static let online = Self(rawValue: "Online")
        /// Alive, but something named in the conditions is wrong.
        public static let degraded = Self(rawValue: "Degraded")
        /// Without a heartbeat for longer than `spec.heartbeat.offlineAfterSeconds`.
        public static let offline = Self(rawValue: "Offline")

        public static let known: [Phase] = [.pending, .registering, .online, .degraded, .offline]

        /// Whether the agent takes work: Online or Degraded.
        public var isAlive: Bool { self == .online || self == .degraded }
    }
}

extension ClusterAgent.Status: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "phase": try reader.read(into: &phase)
            case "observedGeneration": try reader.read(into: &observedGeneration)
            case "hub": try reader.read(into: &hub)
            case "agent": try reader.read(into: &agent)
            case "conditions": try reader.read(into: &conditions)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("phase", phase)
            writer.field("observedGeneration", observedGeneration)
            writer.field("hub", hub)
            writer.field("agent", agent)
            writer.field("conditions", conditions.nonEmpty)
        }
    }
}
