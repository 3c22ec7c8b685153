// SPDX-License-Identifier: Apache-2.0
public import JSON

extension DiagnosticTask {
    /// A KnowledgeEntry that fits the trouble.
    public struct KnowledgeMatch: Sendable, Hashable {
        /// Name of the entry.
        public var name: String
        /// Namespace of the entry.
        public var namespace: String?
        /// How well it fits, 0 to 1.
        public var score: Double

        /// Creates a match; the score is put into 0…1 and rounded to hundredths.
        public init(name: String, namespace: String? = nil, score: Double) {
            self.name = name
            self.namespace = namespace
            self.score = Confidence.rounded(score)
        }
    }

    /// Something that was done to find the answer.
    public struct Step: Sendable, Hashable {
        /// What was done: Rules, SearchKnowledge, AskModel, or the action that was run.
        ///
        /// At most 64 characters.
        public var name: String
        /// What came of it, in a sentence of at most 256 characters.
        public var result: String?
        /// How long it took, in milliseconds.
        public var durationMilliseconds: Int64?
        /// Tokens of the language model it used.
        public var tokensUsed: Int?

        /// Creates a step.
        public init(
            name: String,
            result: String? = nil,
            durationMilliseconds: Int64? = nil,
            tokensUsed: Int? = nil
        ) {
            self.name = name
            self.result = result
            self.durationMilliseconds = durationMilliseconds
            self.tokensUsed = tokensUsed
        }
    }

    /// Something to do about the cause.
    public struct Recommendation: Sendable, Hashable {
        /// What to do, in a few words: at most 200 characters.
        public var title: String
        /// How and why, at most 1024 characters.
        ///
        /// The field `description`.
        public var details: String?
        /// A kubectl command that does or shows it, to be run by a person.
        ///
        /// At most 512 characters.
        public var command: String?
        /// What may break by it.
        public var risk: Risk?

        /// Creates a recommendation.
        public init(title: String, details: String? = nil, command: String? = nil, risk: Risk? = nil) {
            self.title = title
            self.details = details
            self.command = command
            self.risk = risk
        }
    }
}

extension DiagnosticTask.KnowledgeMatch: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(name: "", score: 0)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "namespace": try reader.read(into: &namespace)
            case "score": try reader.read(into: &score)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("namespace", namespace)
            writer.field("score", score)
        }
    }
}

extension DiagnosticTask.Step: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(name: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "result": try reader.read(into: &result)
            case "durationMilliseconds": try reader.read(into: &durationMilliseconds)
            case "tokensUsed": try reader.read(into: &tokensUsed)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("result", result)
            writer.field("durationMilliseconds", durationMilliseconds)
            writer.field("tokensUsed", tokensUsed)
        }
    }
}

extension DiagnosticTask.Recommendation: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(title: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "title": try reader.read(into: &title)
            case "description": try reader.read(into: &details)
            case "command": try reader.read(into: &command)
            case "risk": try reader.read(into: &risk)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("title", title)
            writer.field("description", details)
            writer.field("command", command)
            writer.field("risk", risk)
        }
    }
}
