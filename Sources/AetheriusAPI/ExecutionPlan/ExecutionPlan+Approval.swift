// SPDX-License-Identifier: Apache-2.0
public import JSON

extension ExecutionPlan {
    /// The decision about a plan.
    public struct Approval: Sendable, Hashable {
        /// What was decided.
        public struct Decision: Vocabulary {
            public var rawValue: String

            public init(rawValue: String) { self.rawValue = rawValue }

            /// The steps named by ``Approval/planHash`` may run.
            public static let approved = Self(rawValue: "Approved")
            /// The plan ends.
            public static let rejected = Self(rawValue: "Rejected")

            public static let known: [Decision] = [.approved, .rejected]
        }

        /// What was decided.
        public var decision: Decision
        /// Copy of ``Status/planHash`` as seen by the person who decides: 64 hexadecimal digits.
        ///
        /// Needed for Approved; a different one counts as none.
        public var planHash: String?
        /// Why, in somebody's words.
        ///
        /// At most 1024 characters.
        public var comment: String?

        /// Creates a decision.
        public init(decision: Decision, planHash: String? = nil, comment: String? = nil) {
            self.decision = decision
            self.planHash = planHash
            self.comment = comment
        }
    }

    /// What whoever proposed a plan expects of it.
    ///
    /// For the reader's eyes; nothing is decided by it.
    public struct Strategy: Sendable, Hashable {
        /// Why these steps, at most 1024 characters.
        ///
        /// The field `description`.
        public var details: String?
        /// Expected duration in seconds, 0 to 86400.
        public var estimatedDurationSeconds: Int?
        /// Expected cost in US dollars, as a decimal string with up to 6 digits before and 4 after the point.
        public var estimatedCostUSD: String?
        /// How sure it is that the steps help, 0 to 1.
        public var confidence: Double?

        /// Creates an expectation that says nothing.
        public init() {}
    }
}

extension ExecutionPlan.Approval: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(decision: Decision(rawValue: ""))
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "decision": try reader.read(into: &decision)
            case "planHash": try reader.read(into: &planHash)
            case "comment": try reader.read(into: &comment)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("decision", decision)
            writer.field("planHash", planHash)
            writer.field("comment", comment)
        }
    }
}

extension ExecutionPlan.Strategy: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "description": try reader.read(into: &details)
            case "estimatedDurationSeconds": try reader.read(into: &estimatedDurationSeconds)
            case "estimatedCostUSD": try reader.read(into: &estimatedCostUSD)
            case "confidence": try reader.read(into: &confidence)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("description", details)
            writer.field("estimatedDurationSeconds", estimatedDurationSeconds)
            writer.field("estimatedCostUSD", estimatedCostUSD)
            writer.field("confidence", confidence)
        }
    }
}
