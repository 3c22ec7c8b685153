// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Something about a node that keeps pods off.
public struct Taint: Sendable, Hashable {
    /// The name.
    public var key = ""
    /// The value.
    public var value = ""
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    public var effect = ""

    /// Creates an empty value.
    public init() {}
}

extension Taint: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "key": try reader.read(into: &self.key)
            case "value": try reader.read(into: &value)
            case "effect": try reader.read(into: &effect)
            default: try reader.skipValue()
            }
        }
    }
}

/// A taint that a pod does not mind.
public struct Toleration: Sendable, Hashable {
    /// The name; empty with `Exists`: any.
    public var key = ""
    /// `Equal` or `Exists`.
    public var condition = "Equal"
    /// The value, for `Equal`.
    public var value = ""
    /// The effect; empty: any.
    public var effect = ""
    /// How long it does not mind, for `NoExecute`; nil: for ever.
    public var seconds: Int64?

    /// Creates an empty value.
    public init() {}

    /// Whether it is about a taint.
    public func tolerates(_ taint: Taint) -> Bool {
        guard effect.isEmpty || effect == taint.effect else { return false }
        guard key == taint.key || key.isEmpty && condition == "Exists" else { return false }
        return condition == "Exists" || value == taint.value
    }
}

extension Toleration: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "key": try reader.read(into: &self.key)
            case "operator": try reader.read(into: &condition)
            case "value": try reader.read(into: &value)
            case "effect": try reader.read(into: &effect)
            case "tolerationSeconds": try reader.read(into: &seconds)
            default: try reader.skipValue()
            }
        }
    }
}
