// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// The incident behind a task; all its events and alerts count towards this one task.
    public struct Incident: Sendable, Hashable {
        /// Hash of cluster, owning workload and family of reasons: hexadecimal, at most 64 digits.
        public var fingerprint: String?
        /// How often the incident was seen.
        ///
        /// Written at most once a minute.
        public var count = 0
        /// When it was seen first.
        public var firstSeen: Timestamp?
        /// When it was seen last.
        public var lastSeen: Timestamp?
        /// When it was over; nil while it lasts.
        public var resolvedAt: Timestamp?
        /// Other tasks of the same trouble: merged into this one, or the same alert in other clusters.
        ///
        /// At most 20.
        public var linked: [LinkedTask] = []

        /// Creates an incident that nobody has seen.
        public init() {}
    }

    /// Another task of the same trouble.
    public struct LinkedTask: Sendable, Hashable {
        /// Name of the task.
        public var name: String
        /// Namespace of the task.
        public var namespace: String?
        /// The ClusterAgent of the cluster it is about.
        public var clusterName: String?

        /// Creates a reference to a task.
        public init(name: String, namespace: String? = nil, clusterName: String? = nil) {
            self.name = name
            self.namespace = namespace
            self.clusterName = clusterName
        }
    }
}

extension DiagnosticTask.Incident: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "fingerprint": try reader.read(into: &fingerprint)
            case "count": try reader.read(into: &count)
            case "firstSeen": try reader.read(into: &firstSeen)
            case "lastSeen": try reader.read(into: &lastSeen)
            case "resolvedAt": try reader.read(into: &resolvedAt)
            case "linked": try reader.read(into: &linked)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("fingerprint", fingerprint)
            writer.field("count", count)
            writer.field("firstSeen", firstSeen)
            writer.field("lastSeen", lastSeen)
            writer.field("resolvedAt", resolvedAt)
            writer.field("linked", linked.nonEmpty)
        }
    }
}

extension DiagnosticTask.LinkedTask: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(name: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "namespace": try reader.read(into: &namespace)
            case "clusterName": try reader.read(into: &clusterName)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("namespace", namespace)
            writer.field("clusterName", clusterName)
        }
    }
}
