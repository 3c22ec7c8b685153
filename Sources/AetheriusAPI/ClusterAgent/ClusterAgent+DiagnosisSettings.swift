// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ClusterAgent {
    /// When the operator opens tasks for a cluster by itself.
    public struct DiagnosisSettings: Sendable, Hashable {
        /// ``auto`` where it is nil: true.
        public static let defaultAuto = true
        /// ``minSeverity`` where it is nil: Medium.
        public static let defaultMinSeverity = Severity.medium
        /// ``cooldownSeconds`` where it is nil: 600.
        public static let defaultCooldownSeconds = 600

        /// Whether reported events open DiagnosticTasks by themselves.
        ///
        /// Alerts always do. Nil: ``defaultAuto``.
        public var auto: Bool?
        /// Lowest severity that opens a task.
        ///
        /// Nil: ``defaultMinSeverity``.
        public var minSeverity: Severity?
        /// Seconds after the end of an incident's task in which the same incident is only counted: 0 to 604800, a week.
        ///
        /// Nil: ``defaultCooldownSeconds``.
        public var cooldownSeconds: Int?
        /// Known troubles that open no task.
        ///
        /// At most 100.
        public var mute: [MuteRule] = []
        /// Added to the priority of tasks about a namespace, by the namespace's name; each -1000 to 1000.
        ///
        /// At most 200.
        public var namespaceWeights: [String: Int] = [:]

        /// Creates the settings that hold where nothing is said.
        public init() {}

        /// Whether reported events open tasks: as set, else the default.
        public var effectiveAuto: Bool { auto ?? Self.defaultAuto }
        /// Lowest severity that opens a task: as set, else the default.
        public var effectiveMinSeverity: Severity { minSeverity ?? Self.defaultMinSeverity }
        /// Seconds in which an incident is only counted: as set, else the default.
        public var effectiveCooldownSeconds: Int { cooldownSeconds ?? Self.defaultCooldownSeconds }
    }

    /// Known troubles that open no task: those for which every field that is given fits.
    ///
    /// At least one of ``namespace``, ``owner`` and ``reason`` is needed.
    public struct MuteRule: Sendable, Hashable {
        /// Namespace of the trouble; `*` stands for any characters.
        public var namespace: String?
        /// Owning workload as `Kind/name`.
        public var owner: String?
        /// Reason of the event or class of the cause, such as `BackOff`.
        public var reason: String?
        /// When the rule ends; nil for never.
        public var until: Timestamp?

        /// Creates a rule.
        public init(
            namespace: String? = nil,
            owner: String? = nil,
            reason: String? = nil,
            until: Timestamp? = nil
        ) {
            self.namespace = namespace
            self.owner = owner
            self.reason = reason
            self.until = until
        }
    }
}

extension ClusterAgent.DiagnosisSettings: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "auto": try reader.read(into: &auto)
            case "minSeverity": try reader.read(into: &minSeverity)
            case "cooldownSeconds": try reader.read(into: &cooldownSeconds)
            case "mute": try reader.read(into: &mute)
            case "namespaceWeights": try reader.read(into: &namespaceWeights)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("auto", auto)
            writer.field("minSeverity", minSeverity)
            writer.field("cooldownSeconds", cooldownSeconds)
            writer.field("mute", mute.nonEmpty)
            writer.field("namespaceWeights", namespaceWeights.nonEmpty)
        }
    }
}

extension ClusterAgent.MuteRule: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "namespace": try reader.read(into: &namespace)
            case "owner": try reader.read(into: &owner)
            case "reason": try reader.read(into: &reason)
            case "until": try reader.read(into: &until)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("namespace", namespace)
            writer.field("owner", owner)
            writer.field("reason", reason)
            writer.field("until", until)
        }
    }
}
