// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ClusterAgent {
    /// Recent warnings of a cluster, folded by owning workload and reason.
    public struct EventSummary: Sendable, Hashable {
        /// The most ``items`` that there can be: 20.
        public static let maximumItems = 20

        /// The most important ones.
        ///
        /// At most ``maximumItems``.
        public var items: [FoldedEvent] = []
        /// From when on the totals count, by the agent's clock.
        public var since: Timestamp?
        /// Events observed.
        public var total: Int64 = 0
        /// Different keys among them.
        public var distinct: Int64 = 0
        /// Events given up because the buffer was full.
        public var dropped: Int64 = 0

        /// Creates a summary of no events.
        public init() {}
    }

    /// Warnings of one workload for one reason.
    public struct FoldedEvent: Sendable, Hashable {
        /// Stable id of workload, reason and container: hexadecimal, at most 64 digits.
        public var key: String
        /// How bad it is.
        public var severity: Severity?
        /// Reason of the events, at most 128 characters.
        public var reason: String
        /// The owning workload, or the object itself where nothing owns it.
        ///
        /// `uid` and `fieldPath` are not written.
        public var object: ObjectReference
        /// Name of one object the events were about, such as one of the workload's pods.
        public var sample: String?
        /// The latest message, with what looks like a credential taken out.
        ///
        /// At most 256 characters.
        public var message: String?
        /// How often it happened, at least 1.
        public var count: Int
        /// When it happened first, by the agent's clock.
        public var firstSeen: Timestamp?
        /// When it happened last, by the agent's clock.
        public var lastSeen: Timestamp?
        /// When the workload's state stopped showing it; nil while it lasts.
        public var resolvedAt: Timestamp?

        /// Creates a folded warning.
        public init(key: String, reason: String, object: ObjectReference, count: Int = 1) {
            self.key = key
            self.reason = reason
            self.object = object
            self.count = count
        }
    }
}

extension ClusterAgent.EventSummary: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "items": try reader.read(into: &items)
            case "since": try reader.read(into: &since)
            case "total": try reader.read(into: &total)
            case "distinct": try reader.read(into: &distinct)
            case "dropped": try reader.read(into: &dropped)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("items", items.nonEmpty)
            writer.field("since", since)
            writer.field("total", total)
            writer.field("distinct", distinct)
            writer.field("dropped", dropped)
        }
    }
}

extension ClusterAgent.FoldedEvent: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(key: "", reason: "", object: ObjectReference())
        try reader.beginObject()
        while let field = try reader.nextKey() {
            switch field {
            case "key": try reader.read(into: &key)
            case "severity": try reader.read(into: &severity)
            case "reason": try reader.read(into: &reason)
            case "object": try reader.read(into: &object)
            case "sample": try reader.read(into: &sample)
            case "message": try reader.read(into: &message)
            case "count": try reader.read(into: &count)
            case "firstSeen": try reader.read(into: &firstSeen)
            case "lastSeen": try reader.read(into: &lastSeen)
            case "resolvedAt": try reader.read(into: &resolvedAt)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("key", key)
            writer.field("severity", severity)
            writer.field("reason", reason)
            writer.field("object", object.trimmed())
            writer.field("sample", sample)
            writer.field("message", message)
            writer.field("count", count)
            writer.field("firstSeen", firstSeen)
            writer.field("lastSeen", lastSeen)
            writer.field("resolvedAt", resolvedAt)
        }
    }
}
