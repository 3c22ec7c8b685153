// SPDX-License-Identifier: Apache-2.0
public import JSON

extension ClusterAgent {
    /// When an agent counts as alive.
    ///
    /// The defaults are those of the schema.
    public struct Heartbeat: Sendable, Hashable {
        /// ``intervalSeconds`` unless set: 30.
        public static let defaultIntervalSeconds = 30
        /// ``offlineAfterSeconds`` unless set: 90.
        public static let defaultOfflineAfterSeconds = 90

        /// Seconds between two heartbeats of the agent, 5 to 300.
        public var intervalSeconds = Self.defaultIntervalSeconds
        /// Seconds without a heartbeat after which the agent is Offline: 10 to 3600, at least twice
        /// ``intervalSeconds``.
        public var offlineAfterSeconds = Self.defaultOfflineAfterSeconds

        /// Creates the default heartbeat.
        public init() {}
    }

    /// What an agent reports about its cluster, and how often.
    ///
    /// The defaults are those of the schema.
    public struct ReportSettings: Sendable, Hashable {
        /// ``metricsIntervalSeconds`` unless set: 60.
        public static let defaultMetricsIntervalSeconds = 60
        /// ``bufferSize`` unless set: 1000.
        public static let defaultBufferSize = 1000

        /// Seconds between two reports of numbers and summary, 10 to 3600.
        public var metricsIntervalSeconds = Self.defaultMetricsIntervalSeconds
        /// Number of events the agent keeps while it cannot reach the operator, 10 to 100000; beyond it the oldest are
        /// dropped and counted.
        public var bufferSize = Self.defaultBufferSize
        /// Which events are reported.
        ///
        /// Empty: every event of type Warning, and the few others that tell of trouble, such as NodeNotReady.
        public var events = EventFilter()

        /// Creates the default settings.
        public init() {}
    }

    /// Which events an agent reports.
    public struct EventFilter: Sendable, Hashable {
        /// Lowest severity reported; nil for all.
        public var minSeverity: Severity?
        /// Only events with one of these reasons, such as `FailedMount`; empty for every reason.
        ///
        /// At most 100.
        public var reasons: [String] = []
        /// Only events in these namespaces, `*` standing for any characters; empty for every namespace the agent may
        /// look at.
        ///
        /// At most 100.
        public var namespaces: [String] = []
        /// How bad events with some reasons are in this cluster, by the reason; for every other one the agent's own
        /// table says it.
        ///
        /// At most 100.
        public var severities: [String: Severity] = [:]

        /// Creates a filter that lets everything pass.
        public init() {}
    }
}

extension ClusterAgent.Heartbeat: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "intervalSeconds": try reader.read(into: &intervalSeconds)
            case "offlineAfterSeconds": try reader.read(into: &offlineAfterSeconds)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("intervalSeconds", intervalSeconds)
            writer.field("offlineAfterSeconds", offlineAfterSeconds)
        }
    }
}

extension ClusterAgent.ReportSettings: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metricsIntervalSeconds": try reader.read(into: &metricsIntervalSeconds)
            case "bufferSize": try reader.read(into: &bufferSize)
            case "events": try reader.read(into: &events)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("metricsIntervalSeconds", metricsIntervalSeconds)
            writer.field("bufferSize", bufferSize)
            writer.field("events", events == ClusterAgent.EventFilter() ? nil : events)
        }
    }
}

extension ClusterAgent.EventFilter: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "minSeverity": try reader.read(into: &minSeverity)
            case "reasons": try reader.read(into: &reasons)
            case "namespaces": try reader.read(into: &namespaces)
            case "severities": try reader.read(into: &severities)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("minSeverity", minSeverity)
            writer.field("reasons", reasons.nonEmpty)
            writer.field("namespaces", namespaces.nonEmpty)
            writer.field("severities", severities.nonEmpty)
        }
    }
}
