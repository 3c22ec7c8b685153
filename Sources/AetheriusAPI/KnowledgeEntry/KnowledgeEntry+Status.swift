// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension KnowledgeEntry {
    /// How an entry fares.
    public struct Status: Sendable, Hashable {
        /// The confidence below which an entry is suspended: 0.3.
        public static let suspensionThreshold = 0.3

        /// The `metadata.generation` this status answers to.
        public var observedGeneration: Int64?
        /// Whether searches find the entry.
        public var indexed = false
        /// Whether feedback has taken the entry out of use, or it has not been confirmed yet.
        public var suspended = false
        /// Hash of the text that is indexed: hexadecimal, at most 64 digits.
        public var contentHash: String?
        /// How far the entry is trusted now, 0 to 1.
        ///
        /// Below ``suspensionThreshold`` it is suspended.
        public var confidence: Double?
        /// How often a diagnosis used the entry.
        public var usageCount: Int64 = 0
        /// How often that was rated right.
        public var successCount: Int64 = 0
        /// Share of the rated uses that were right, 0 to 1; nil before the first rating.
        public var successRate: Double?
        /// When the entry last fitted a diagnosis.
        public var lastMatchedAt: Timestamp?
        /// When the indexed text last changed.
        public var updatedAt: Timestamp?
        /// Ready, Reconciling and Stalled.
        ///
        /// At most 16.
        public var conditions: [Condition] = []

        /// Creates the status of an entry that nobody has indexed.
        public init() {}
    }
}

extension KnowledgeEntry.Status: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "observedGeneration": try reader.read(into: &observedGeneration)
            case "indexed": try reader.read(into: &indexed)
            case "suspended": try reader.read(into: &suspended)
            case "contentHash": try reader.read(into: &contentHash)
            case "confidence": try reader.read(into: &confidence)
            case "usageCount": try reader.read(into: &usageCount)
            case "successCount": try reader.read(into: &successCount)
            case "successRate": try reader.read(into: &successRate)
            case "lastMatchedAt": try reader.read(into: &lastMatchedAt)
            case "updatedAt": try reader.read(into: &updatedAt)
            case "conditions": try reader.read(into: &conditions)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("observedGeneration", observedGeneration)
            writer.field("indexed", indexed)
            writer.field("suspended", suspended)
            writer.field("contentHash", contentHash)
            writer.field("confidence", confidence)
            writer.field("usageCount", usageCount)
            writer.field("successCount", successCount)
            writer.field("successRate", successRate)
            writer.field("lastMatchedAt", lastMatchedAt)
            writer.field("updatedAt", updatedAt)
            writer.field("conditions", conditions.nonEmpty)
        }
    }
}
