// SPDX-License-Identifier: Apache-2.0
public import JSON

extension ClusterAgent {
    /// How a cluster is reached, what the agent may do there and what it reports.
    public struct Spec: Sendable, Hashable {
        /// Where the agent runs.
        ///
        /// Cannot be changed afterwards.
        public var mode: Mode
        /// Whether the agent is admitted.
        ///
        /// While false it gets no rights and no work; setting it back to false takes its rights away at once.
        public var accepted = false
        /// Added to the priority of every task for this cluster, -1000 to 1000.
        public var priorityWeight = 0
        /// How the operator reaches the cluster itself.
        ///
        /// Needed in mode Hosted.
        public var target = Target()
        /// How a Remote agent reaches the operator's cluster.
        ///
        /// Unset fields are taken from the operator's configuration.
        public var connection = Connection()
        /// When an agent counts as alive.
        public var heartbeat = Heartbeat()
        /// What the agent reports about its cluster, and how often.
        public var report = ReportSettings()
        /// What may be looked at and done in this cluster, and for whom.
        ///
        /// Never widens the agent's own rights.
        public var access = Access()
        /// When the operator opens tasks for this cluster by itself.
        public var diagnosis = DiagnosisSettings()
        /// The agent's Deployment.
        ///
        /// Without meaning in mode Local.
        public var agent = AgentSettings()

        /// Creates the spec of an agent that is not admitted.
        public init(mode: Mode) { self.mode = mode }
    }

    /// Where an agent runs.
    public struct Mode: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// Inside the operator, for the cluster the operator itself runs in.
        ///
        /// There is one.
        public static let local = Self(rawValue: "Local")
        /// As a Deployment beside the operator, reaching the cluster with a kubeconfig.
        public static let hosted = Self(rawValue: "Hosted")
        /// As a Deployment in the observed cluster, from where it connects out to the operator's.
        public static let remote = Self(rawValue: "Remote")

        public static let known: [Mode] = [.local, .hosted, .remote]
    }
}

extension ClusterAgent.Spec: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(mode: ClusterAgent.Mode(rawValue: ""))
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "mode": try reader.read(into: &mode)
            case "accepted": try reader.read(into: &accepted)
            case "priorityWeight": try reader.read(into: &priorityWeight)
            case "target": try reader.read(into: &target)
            case "connection": try reader.read(into: &connection)
            case "heartbeat": try reader.read(into: &heartbeat)
            case "report": try reader.read(into: &report)
            case "access": try reader.read(into: &access)
            case "diagnosis": try reader.read(into: &diagnosis)
            case "agent": try reader.read(into: &agent)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("mode", mode)
            writer.field("accepted", accepted.onlyTrue)
            writer.field("priorityWeight", priorityWeight.nonZero)
            writer.field("target", target == ClusterAgent.Target() ? nil : target)
            writer.field("connection", connection == ClusterAgent.Connection() ? nil : connection)
            writer.field("heartbeat", heartbeat)
            writer.field("report", report)
            writer.field("access", access == ClusterAgent.Access() ? nil : access)
            writer.field("diagnosis", diagnosis == ClusterAgent.DiagnosisSettings() ? nil : diagnosis)
            writer.field("agent", agent == ClusterAgent.AgentSettings() ? nil : agent)
        }
    }
}
