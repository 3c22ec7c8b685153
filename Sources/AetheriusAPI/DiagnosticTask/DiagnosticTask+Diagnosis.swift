// SPDX-License-Identifier: Apache-2.0
public import JSON

extension DiagnosticTask {
    /// The answer to a task's question.
    public struct Diagnosis: Sendable, Hashable {
        /// The answer in short, at most 2000 characters.
        public var summary: String?
        /// The cause; nil when no cause is sure enough, and ``candidates`` then holds what it may be.
        public var rootCause: RootCause?
        /// Possible causes, the likeliest first; the root cause, where there is one, is the first of them.
        ///
        /// At most 10.
        public var candidates: [Candidate] = []
        /// KnowledgeEntries that fit, the best first.
        ///
        /// At most 10.
        public var knowledge: [KnowledgeMatch] = []
        /// What was done to find the answer, in order.
        ///
        /// At most 20; of more, the last are kept.
        public var steps: [Step] = []
        /// What found the answer: Knowledge, Rules or LLM.
        public var strategy: Strategy?
        /// Name of the language model, if one was asked.
        ///
        /// At most 128 characters.
        public var model: String?
        /// Tokens of the language model used, question and answer together.
        public var tokensUsed: Int?
        /// What that cost in US dollars, as a decimal string with up to 6 digits after the point.
        ///
        /// ``DollarAmount`` writes it.
        public var costUSD: String?
        /// How long the diagnosis took from the start of the attempt, in milliseconds.
        public var durationMilliseconds: Int64?
        /// Why the diagnosis ended where it did, at most 256 characters.
        public var terminationReason: String?

        /// Creates an answer that says nothing.
        public init() {}
    }
}

extension DiagnosticTask.Diagnosis: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "summary": try reader.read(into: &summary)
            case "rootCause": try reader.read(into: &rootCause)
            case "candidates": try reader.read(into: &candidates)
            case "knowledge": try reader.read(into: &knowledge)
            case "steps": try reader.read(into: &steps)
            case "strategy": try reader.read(into: &strategy)
            case "model": try reader.read(into: &model)
            case "tokensUsed": try reader.read(into: &tokensUsed)
            case "costUSD": try reader.read(into: &costUSD)
            case "durationMilliseconds": try reader.read(into: &durationMilliseconds)
            case "terminationReason": try reader.read(into: &terminationReason)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("summary", summary)
            writer.field("rootCause", rootCause)
            writer.field("candidates", candidates.nonEmpty)
            writer.field("knowledge", knowledge.nonEmpty)
            writer.field("steps", steps.nonEmpty)
            writer.field("strategy", strategy)
            writer.field("model", model)
            writer.field("tokensUsed", tokensUsed)
            writer.field("costUSD", costUSD)
            writer.field("durationMilliseconds", durationMilliseconds)
            writer.field("terminationReason", terminationReason)
        }
    }
}
