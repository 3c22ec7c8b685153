// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ExecutionPlan {
    /// How one step went.
    public struct StepResult: Sendable, Hashable {
        /// Name of the step.
        public var name: String
        /// How far it is.
        public var phase: StepPhase
        /// When it began, by the agent's clock.
        public var startedAt: Timestamp?
        /// When it ended, by the agent's clock.
        public var finishedAt: Timestamp?
        /// 0 for success, another number otherwise.
        public var exitCode: Int?
        /// What it printed, with what looks like a credential taken out.
        ///
        /// At most 8192 characters; of more, the beginning and the end are kept.
        public var output: String?
        /// Whether ``output`` is not all of it.
        public var truncated = false
        /// SHA-256 of the whole output after redaction: 64 hexadecimal digits.
        public var sha256: String?
        /// Why it failed, at most 1024 characters.
        public var error: String?

        /// Creates the result of a step.
        public init(name: String, phase: StepPhase = .pending) {
            self.name = name
            self.phase = phase
        }
    }
}

extension ExecutionPlan.StepResult: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(name: "", phase: ExecutionPlan.StepPhase(rawValue: ""))
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "phase": try reader.read(into: &phase)
            case "startedAt": try reader.read(into: &startedAt)
            case "finishedAt": try reader.read(into: &finishedAt)
            case "exitCode": try reader.read(into: &exitCode)
            case "output": try reader.read(into: &output)
            case "truncated": try reader.read(into: &truncated)
            case "sha256": try reader.read(into: &sha256)
            case "error": try reader.read(into: &error)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("phase", phase)
            writer.field("startedAt", startedAt)
            writer.field("finishedAt", finishedAt)
            writer.field("exitCode", exitCode)
            writer.field("output", output)
            writer.field("truncated", truncated.onlyTrue)
            writer.field("sha256", sha256)
            writer.field("error", error)
        }
    }
}
