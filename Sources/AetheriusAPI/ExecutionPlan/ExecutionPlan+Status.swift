// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ExecutionPlan {
    /// How a plan went.
    public struct Status: Sendable, Hashable {
        /// How far the plan is; nil until the operator has seen it.
        public var phase: Phase?
        /// The `metadata.generation` this status answers to.
        public var observedGeneration: Int64?
        /// SHA-256 over the cluster, the mode and the steps: 64 hexadecimal digits.
        ///
        /// An approval names it.
        public var planHash: String?
        /// Who runs the plan.
        public var claim: Claim?
        /// Index of the present step, counted from 0; of the last one that was begun when the plan has ended.
        public var currentStepIndex: Int?
        /// Number of steps.
        public var totalSteps: Int?
        /// When the first step began.
        public var startedAt: Timestamp?
        /// When the plan ended.
        public var completedAt: Timestamp?
        /// One entry for every step, in the order of `spec.steps`.
        public var steps: [StepResult] = []
        /// What each layer of safety said, in the order they are asked.
        ///
        /// At most 10.
        public var safety: [SafetyCheck] = []
        /// Complete or Failed once the plan has ended; Ready, Reconciling and Stalled always.
        ///
        /// At most 16.
        public var conditions: [Condition] = []

        /// Creates the status of a plan that nobody has seen.
        public init() {}

        /// Whether the plan has ended: a terminal phase.
        public var isFinished: Bool { phase?.isTerminal ?? false }
    }
}

extension ExecutionPlan.Status: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "phase": try reader.read(into: &phase)
            case "observedGeneration": try reader.read(into: &observedGeneration)
            case "planHash": try reader.read(into: &planHash)
            case "claim": try reader.read(into: &claim)
            case "currentStepIndex": try reader.read(into: &currentStepIndex)
            case "totalSteps": try reader.read(into: &totalSteps)
            case "startedAt": try reader.read(into: &startedAt)
            case "completedAt": try reader.read(into: &completedAt)
            case "steps": try reader.read(into: &steps)
            case "safety": try reader.read(into: &safety)
            case "conditions": try reader.read(into: &conditions)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("phase", phase)
            writer.field("observedGeneration", observedGeneration)
            writer.field("planHash", planHash)
            writer.field("claim", claim)
            writer.field("currentStepIndex", currentStepIndex)
            writer.field("totalSteps", totalSteps)
            writer.field("startedAt", startedAt)
            writer.field("completedAt", completedAt)
            writer.field("steps", steps.nonEmpty)
            writer.field("safety", safety.nonEmpty)
            writer.field("conditions", conditions.nonEmpty)
        }
    }
}
