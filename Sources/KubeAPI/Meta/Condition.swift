// SPDX-License-Identifier: Apache-2.0
public import JSON

/// One observation about an object's state, in the standard shape (`metav1.Condition`).
public struct Condition: Sendable, Hashable {
    /// Whether an observation holds.
    public enum Value: String, Sendable, Hashable {
        /// It holds.
        case `true` = "True"
        /// It does not hold.
        case `false` = "False"
        /// Nobody knows.
        case unknown = "Unknown"
    }

    /// What is observed, such as `Ready`.
    public var type: String
    /// Whether it holds.
    public var status: Value
    /// A CamelCase word for programs.
    public var reason: String
    /// A sentence for people.
    public var message: String
    /// When `status` changed last.
    public var lastTransitionTime: Timestamp?
    /// When somebody looked last, on kinds that say so, such as a Node (`lastHeartbeatTime`) or a Job (`lastProbeTime`).
    ///
    /// It is not written.
    public var lastObservedTime: Timestamp?
    /// The generation of the spec that the observation is about.
    public var observedGeneration: Int64?

    /// Creates a condition.
    public init(
        type: String,
        status: Value,
        reason: String,
        message: String = "",
        lastTransitionTime: Timestamp? = nil,
        observedGeneration: Int64? = nil
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.lastTransitionTime = lastTransitionTime
        self.observedGeneration = observedGeneration
    }
}

extension [Condition] {
    /// The condition of a type, or nil.
    public subscript(type: String) -> Condition? { first { $0.type == type } }

    /// Whether the condition of a type is there and True.
    public func isTrue(_ type: String) -> Bool { self[type]?.status == .true }

    /// Adds or replaces a condition; the transition time moves only if the status does.
    public mutating func set(_ condition: Condition, at now: Timestamp) {
        var condition = condition
        guard let index = firstIndex(where: { $0.type == condition.type }) else {
            condition.lastTransitionTime = now.wholeSeconds
            append(condition)
            return
        }
        let unchanged = self[index].status == condition.status
        condition.lastTransitionTime = (unchanged ? self[index].lastTransitionTime : nil) ?? now.wholeSeconds
        self[index] = condition
    }
}

extension Condition: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(type: "", status: .unknown, reason: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "type": try reader.read(into: &type)
            case "status":
                if try reader.readNull() { continue }
                status = Value(rawValue: try reader.readString()) ?? .unknown
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            case "lastTransitionTime": try reader.read(into: &lastTransitionTime)
            case "lastHeartbeatTime", "lastProbeTime", "lastUpdateTime": try reader.read(into: &lastObservedTime)
            case "observedGeneration": try reader.read(into: &observedGeneration)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("type", type)
            writer.field("status", status.rawValue)
            writer.field("reason", reason)
            writer.field("message", message)
            writer.field("lastTransitionTime", lastTransitionTime)
            writer.field("observedGeneration", observedGeneration)
        }
    }
}
