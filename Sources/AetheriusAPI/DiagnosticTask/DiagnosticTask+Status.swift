// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// The answer and how it came about, at most 64 KiB.
    ///
    /// The agent that claimed the task writes ``agent``; the operator writes the rest.
    public struct Status: Sendable, Hashable {
        /// How far the task is; nil until the operator has seen it.
        public var phase: Phase?
        /// The `metadata.generation` this status answers to.
        public var observedGeneration: Int64?
        /// Hash over the fields of spec whose change runs the task again: hexadecimal, at most 64 digits.
        public var inputHash: String?
        /// Name of the ClusterAgent whose cluster was looked at.
        public var clusterName: String?
        /// Place in the queue; a higher number goes first.
        public var priority: Int?
        /// How often the diagnosis was begun.
        public var attempts = 0
        /// When the present attempt began.
        public var startedAt: Timestamp?
        /// When the task ended.
        public var completedAt: Timestamp?
        /// When the present attempt runs out of time.
        public var timeoutAt: Timestamp?
        /// The incident behind the task.
        public var incident: Incident?
        /// What was gathered in the cluster.
        public var agent: AgentReport?
        /// The answer.
        public var diagnosis: Diagnosis?
        /// What to do, the most useful first.
        ///
        /// At most 10.
        public var recommendations: [Recommendation] = []
        /// ExecutionPlans made from the answer, in the task's namespace.
        ///
        /// At most 10.
        public var planRefs: [NameReference] = []
        /// Complete or Failed once the task has ended; Ready, Reconciling and Stalled always.
        ///
        /// At most 16.
        public var conditions: [Condition] = []

        /// Creates the status of a task that nobody has seen.
        public init() {}

        /// Whether the task has ended: a terminal phase.
        public var isFinished: Bool { phase?.isTerminal ?? false }
    }
}

extension DiagnosticTask.Status: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "phase": try reader.read(into: &phase)
            case "observedGeneration": try reader.read(into: &observedGeneration)
            case "inputHash": try reader.read(into: &inputHash)
            case "clusterName": try reader.read(into: &clusterName)
            case "priority": try reader.read(into: &priority)
            case "attempts": try reader.read(into: &attempts)
            case "startedAt": try reader.read(into: &startedAt)
            case "completedAt": try reader.read(into: &completedAt)
            case "timeoutAt": try reader.read(into: &timeoutAt)
            case "incident": try reader.read(into: &incident)
            case "agent": try reader.read(into: &agent)
            case "diagnosis": try reader.read(into: &diagnosis)
            case "recommendations": try reader.read(into: &recommendations)
            case "planRefs": try reader.read(into: &planRefs)
            case "conditions": try reader.read(into: &conditions)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("phase", phase)
            writer.field("observedGeneration", observedGeneration)
            writer.field("inputHash", inputHash)
            writer.field("clusterName", clusterName)
            writer.field("priority", priority)
            writer.field("attempts", attempts.nonZero)
            writer.field("startedAt", startedAt)
            writer.field("completedAt", completedAt)
            writer.field("timeoutAt", timeoutAt)
            writer.field("incident", incident)
            writer.field("agent", agent)
            writer.field("diagnosis", diagnosis)
            writer.field("recommendations", recommendations.nonEmpty)
            writer.field("planRefs", planRefs.nonEmpty)
            writer.field("conditions", conditions.nonEmpty)
        }
    }
}
