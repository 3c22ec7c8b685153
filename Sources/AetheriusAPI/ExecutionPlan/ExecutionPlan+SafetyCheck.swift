// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ExecutionPlan {
    /// What one layer of safety said about a plan.
    public struct SafetyCheck: Sendable, Hashable {
        /// The layers, in the order in which they are asked.
        public struct Layer: Vocabulary {
            public var rawValue: String

            public init(rawValue: String) { self.rawValue = rawValue }

            /// Tool and action exist.
            public static let registry = Self(rawValue: "Registry")
            /// Only reads, or approved with the right hash.
            public static let approval = Self(rawValue: "Approval")
            /// Each parameter fits its type, none is unknown.
            public static let parameters = Self(rawValue: "Parameters")
            /// The cluster grants the agent what the steps need.
            public static let permissions = Self(rawValue: "Permissions")
            /// The ClusterAgent's `spec.access` allows it.
            public static let access = Self(rawValue: "Access")

            public static let known: [Layer] = [.registry, .approval, .parameters, .permissions, .access]
        }

        /// What a layer said.
        public struct Verdict: Vocabulary {
            public var rawValue: String

            public init(rawValue: String) { self.rawValue = rawValue }

            /// It may run.
            public static let allowed = Self(rawValue: "Allowed")
            /// It may not.
            public static let denied = Self(rawValue: "Denied")
            /// The layer was not or could not be asked.
            ///
            /// Not a permission.
            public static let unknown = Self(rawValue: "Unknown")

            public static let known: [Verdict] = [.allowed, .denied, .unknown]
        }

        /// The layer that was asked.
        public var layer: Layer
        /// What it said.
        public var verdict: Verdict
        /// Name of the step that decided it; nil where it concerns them all.
        public var step: String?
        /// Why, in one CamelCase word of at most 64 characters.
        public var reason: String?
        /// Why, in a sentence of at most 512 characters.
        public var message: String?
        /// When the layer was asked.
        public var checkedAt: Timestamp?

        /// Creates a record of what a layer said.
        public init(
            layer: Layer,
            verdict: Verdict,
            step: String? = nil,
            reason: String? = nil,
            message: String? = nil,
            checkedAt: Timestamp? = nil
        ) {
            self.layer = layer
            self.verdict = verdict
            self.step = step
            self.reason = reason
            self.message = message
            self.checkedAt = checkedAt
        }
    }
}

extension ExecutionPlan.SafetyCheck: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(layer: Layer(rawValue: ""), verdict: Verdict(rawValue: ""))
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "layer": try reader.read(into: &layer)
            case "verdict": try reader.read(into: &verdict)
            case "step": try reader.read(into: &step)
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            case "checkedAt": try reader.read(into: &checkedAt)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("layer", layer)
            writer.field("verdict", verdict)
            writer.field("step", step)
            writer.field("reason", reason)
            writer.field("message", message)
            writer.field("checkedAt", checkedAt)
        }
    }
}
