// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ClusterAgent {
    /// An object that an agent finds unhealthy now.
    public struct UnhealthyObject: Sendable, Hashable {
        /// The object.
        ///
        /// `uid` and `fieldPath` are not written.
        public var object: ObjectReference
        /// How bad it is.
        public var severity: Severity?
        /// What is wrong, in one word of at most 128 characters.
        public var reason: String
        /// What is wrong, in a sentence of at most 256 characters.
        public var message: String?
        /// Since when, by the agent's clock.
        public var since: Timestamp?

        /// Creates a note of an unhealthy object.
        public init(
            object: ObjectReference,
            reason: String,
            severity: Severity? = nil,
            message: String? = nil,
            since: Timestamp? = nil
        ) {
            self.object = object
            self.severity = severity
            self.reason = reason
            self.message = message
            self.since = since
        }
    }

    /// Further numbers about a cluster and its agent.
    public struct Metrics: Sendable, Hashable {
        /// When the numbers were taken, by the agent's clock.
        public var observedAt: Timestamp?
        /// Numbers by name; the name carries the unit, as in `cpuCapacityMillicores`.
        ///
        /// At most 32.
        public var values: [String: Double]

        /// Creates numbers.
        public init(observedAt: Timestamp? = nil, values: [String: Double] = [:]) {
            self.observedAt = observedAt
            self.values = values
        }
    }
}

extension ClusterAgent.UnhealthyObject: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(object: ObjectReference(), reason: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "object": try reader.read(into: &object)
            case "severity": try reader.read(into: &severity)
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            case "since": try reader.read(into: &since)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("object", object.trimmed())
            writer.field("severity", severity)
            writer.field("reason", reason)
            writer.field("message", message)
            writer.field("since", since)
        }
    }
}

extension ClusterAgent.Metrics: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "observedAt": try reader.read(into: &observedAt)
            case "values": try reader.read(into: &values)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("observedAt", observedAt)
            writer.field("values", values.nonEmpty)
        }
    }
}
