// SPDX-License-Identifier: Apache-2.0
public import JSON

extension KnowledgeEntry {
    /// Marks of a trouble an entry is about.
    ///
    /// Within one list any item may fit; the more of the lists fit, the better the entry does.
    public struct Match: Sendable, Hashable {
        /// Kinds of the broken object, such as `Deployment`.
        ///
        /// At most 20.
        public var kinds: [String] = []
        /// Reasons of events, waiting or terminated containers, such as `CrashLoopBackOff`.
        ///
        /// At most 50.
        public var reasons: [String] = []
        /// Regular expressions looked for in messages and log lines, without regard to case.
        ///
        /// At most 20, each up to 256 characters.
        public var messagePatterns: [String] = []
        /// Classes of causes the rules find, such as `OOMKilled`.
        ///
        /// At most 20.
        public var causeClasses: [String] = []

        /// Creates no marks at all.
        public init() {}

        /// Whether there are no marks, so that only the texts are searched.
        public var isEmpty: Bool {
            kinds.isEmpty && reasons.isEmpty && messagePatterns.isEmpty && causeClasses.isEmpty
        }
    }
}

extension KnowledgeEntry.Match: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "kinds": try reader.read(into: &kinds)
            case "reasons": try reader.read(into: &reasons)
            case "messagePatterns": try reader.read(into: &messagePatterns)
            case "causeClasses": try reader.read(into: &causeClasses)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("kinds", kinds.nonEmpty)
            writer.field("reasons", reasons.nonEmpty)
            writer.field("messagePatterns", messagePatterns.nonEmpty)
            writer.field("causeClasses", causeClasses.nonEmpty)
        }
    }
}
