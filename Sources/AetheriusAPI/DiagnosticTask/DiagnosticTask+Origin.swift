// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// Where a task came from.
    ///
    /// Filled in by whatever created it.
    public struct Origin: Sendable, Hashable {
        /// What made the task.
        public struct Source: Vocabulary {
            public var rawValue: String

            public init(rawValue: String) { self.rawValue = rawValue }

            /// An alert that a webhook received.
            public static let alert = Self(rawValue: "Alert")
            /// An event that an agent reported.
            public static let event = Self(rawValue: "Event")
            /// A person, or a program on behalf of one.
            public static let manual = Self(rawValue: "Manual")

            public static let known: [Source] = [.alert, .event, .manual]
        }

        /// What made the task.
        ///
        /// Nil means Manual.
        public var type: Source?
        /// Id of the alert, event or request at its origin, at most 253 characters.
        public var id: String?
        /// When the origin reported it.
        public var reportedAt: Timestamp?

        /// Creates an origin.
        public init(type: Source? = nil, id: String? = nil, reportedAt: Timestamp? = nil) {
            self.type = type
            self.id = id
            self.reportedAt = reportedAt
        }
    }
}

extension DiagnosticTask.Origin: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "type": try reader.read(into: &type)
            case "id": try reader.read(into: &id)
            case "reportedAt": try reader.read(into: &reportedAt)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("type", type)
            writer.field("id", id)
            writer.field("reportedAt", reportedAt)
        }
    }
}
