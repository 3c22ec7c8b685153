// SPDX-License-Identifier: Apache-2.0
public import JSON
import KubeAPI

extension KnowledgeEntry {
    /// What is known.
    public struct Spec: Sendable, Hashable {
        /// ``confidence`` where it is nil: 0.8.
        public static let defaultConfidence = 0.8

        /// What it is about, in one line of 1 to 200 characters.
        public var title: String
        /// What is known as Markdown: symptoms, causes, remedies.
        ///
        /// 1 to 65536 characters.
        public var content: String
        /// Field it belongs to, in a word such as `network` or `database`.
        ///
        /// At most 63 characters.
        public var category: String?
        /// Further words to find it by.
        ///
        /// At most 20, each up to 63 characters.
        public var tags: [String] = []
        /// Marks of a trouble the entry is about.
        ///
        /// Empty: only the texts are searched.
        public var match = Match()
        /// The cause, in a sentence or two of at most 1024 characters.
        public var rootCause: String?
        /// What repairs it.
        ///
        /// A plan made from the steps still needs its approval. At most 20.
        public var steps: [ExecutionPlan.Step] = []
        /// Where to read on.
        ///
        /// At most 20.
        public var references: [Reference] = []
        /// How far the author trusts the entry to begin with, 0 to 1.
        ///
        /// Nil: ``defaultConfidence``.
        public var confidence: Double?
        /// True takes the entry out of use without deleting it.
        public var suspend = false

        /// Creates the spec of an entry.
        public init(title: String, content: String) {
            self.title = title
            self.content = content
        }

        /// How far the entry is trusted to begin with: as set, else the default.
        public var effectiveConfidence: Double { confidence ?? Self.defaultConfidence }
    }

    /// Somewhere to read on.
    public struct Reference: Sendable, Hashable {
        /// What is to be found there, at most 200 characters.
        public var title: String?
        /// Its address, beginning with `http://` or `https://`.
        ///
        /// At most 2048 characters.
        public var url: String

        /// Creates a reference.
        public init(title: String? = nil, url: String) {
            self.title = title
            self.url = url
        }
    }
}

extension KnowledgeEntry.Spec: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(title: "", content: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "title": try reader.read(into: &title)
            case "content": try reader.read(into: &content)
            case "category": try reader.read(into: &category)
            case "tags": try reader.read(into: &tags)
            case "match": try reader.read(into: &match)
            case "rootCause": try reader.read(into: &rootCause)
            case "steps": try reader.read(into: &steps)
            case "references": try reader.read(into: &references)
            case "confidence": try reader.read(into: &confidence)
            case "suspend": try reader.read(into: &suspend)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("title", title)
            writer.field("content", content)
            writer.field("category", category)
            writer.field("tags", tags.nonEmpty)
            writer.field("match", match == KnowledgeEntry.Match() ? nil : match)
            writer.field("rootCause", rootCause)
            writer.field("steps", steps.nonEmpty?.map { $0.withoutUID })
            writer.field("references", references.nonEmpty)
            writer.field("confidence", confidence)
            writer.field("suspend", suspend.onlyTrue)
        }
    }
}

extension ExecutionPlan.Step {
    /// The step as a KnowledgeEntry can hold it: it knows no particular object.
    fileprivate var withoutUID: ExecutionPlan.Step {
        var step = self
        step.target?.uid = nil
        return step
    }
}

extension KnowledgeEntry.Reference: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(url: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "title": try reader.read(into: &title)
            case "url": try reader.read(into: &url)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("title", title)
            writer.field("url", url)
        }
    }
}
