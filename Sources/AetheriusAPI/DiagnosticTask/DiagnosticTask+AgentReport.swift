// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// What was gathered in the cluster.
    ///
    /// Only the agent that claimed the task writes it.
    public struct AgentReport: Sendable, Hashable {
        /// Who gathers.
        public var claim: Claim?
        /// What the analyzers found wrong, causes and symptoms alike.
        ///
        /// At most 50.
        public var findings: [Finding] = []
        /// What was seen, with what looks like a credential taken out.
        ///
        /// At most 30.
        public var evidence: [Evidence] = []
        /// What could not be looked at; nothing listed here was taken to be missing.
        ///
        /// At most 20.
        public var unreadable: [Unreadable] = []
        /// Whether something was left out to stay within the size limits.
        public var truncated = false
        /// When the gathering ended, by the agent's clock; nil while it goes on.
        public var gatheredAt: Timestamp?

        /// Creates an empty report.
        public init() {}
    }

    /// Something that could not be looked at.
    public struct Unreadable: Sendable, Hashable {
        /// ``what`` where an agent has not looked at all; then it is the only note of a report.
        public static let wholeQuestion = "the whole question"

        /// What was to be read, such as `pods in shop`.
        ///
        /// At most 256 characters.
        public var what: String
        /// Why not, in one CamelCase word such as `Forbidden` or `Timeout`.
        ///
        /// At most 64 characters.
        public var reason: String
        /// What the server said.
        ///
        /// At most 512 characters.
        public var message: String?

        /// Creates a note of something that could not be looked at.
        public init(what: String, reason: String, message: String? = nil) {
            self.what = what
            self.reason = reason
            self.message = message
        }
    }
}

extension DiagnosticTask.AgentReport: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "claim": try reader.read(into: &claim)
            case "findings": try reader.read(into: &findings)
            case "evidence": try reader.read(into: &evidence)
            case "unreadable": try reader.read(into: &unreadable)
            case "truncated": try reader.read(into: &truncated)
            case "gatheredAt": try reader.read(into: &gatheredAt)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("claim", claim)
            writer.field("findings", findings.nonEmpty)
            writer.field("evidence", evidence.nonEmpty)
            writer.field("unreadable", unreadable.nonEmpty)
            writer.field("truncated", truncated.onlyTrue)
            writer.field("gatheredAt", gatheredAt)
        }
    }
}

extension DiagnosticTask.Unreadable: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(what: "", reason: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "what": try reader.read(into: &what)
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("what", what)
            writer.field("reason", reason)
            writer.field("message", message)
        }
    }
}
