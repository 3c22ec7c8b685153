// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Which labels an object has to carry to be meant (`metav1.LabelSelector`).
///
/// An empty selector means every object. Where the API tells an absent selector from an empty one, the field that
/// holds it is optional.
public struct LabelSelector: Sendable, Hashable {
    /// Labels with exactly these values.
    public var matchLabels: [String: String] = [:]
    /// Further requirements; all of them have to hold.
    public var matchExpressions: [LabelRequirement] = []

    /// Creates a selector.
    public init(matchLabels: [String: String] = [:], matchExpressions: [LabelRequirement] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    /// Whether it asks for nothing.
    public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    /// Whether an object with these labels is meant.
    public func matches(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value } && matchExpressions.allSatisfy { $0.matches(labels) }
    }
}

/// One requirement on one label.
public struct LabelRequirement: Sendable, Hashable {
    /// The label; for a quota, the scope.
    public var key = ""
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`; for nodes also `Gt` and `Lt`.
    public var condition = ""
    /// What the condition compares with.
    public var values: [String] = []

    /// Creates a requirement.
    public init(key: String = "", condition: String = "", values: [String] = []) {
        self.key = key
        self.condition = condition
        self.values = values
    }

    /// Whether labels satisfy it; none satisfy a condition that is not known here.
    public func matches(_ labels: [String: String]) -> Bool {
        let value = labels[key]
        switch condition {
        case "In": return value.map(values.contains) ?? false
        case "NotIn": return value.map { !values.contains($0) } ?? true
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        case "Gt", "Lt":
            guard let number = value.flatMap({ Int64($0) }), let bound = values.first.flatMap({ Int64($0) }) else {
                return false
            }
            return condition == "Gt" ? number > bound : number < bound
        default: return false
        }
    }
}

extension LabelSelector: JSONDecodable {
    /// Reads `matchLabels` and `matchExpressions`, and also the plain map of Services and ReplicationControllers.
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "matchLabels": try reader.read(into: &matchLabels)
            case "matchExpressions": try reader.read(into: &matchExpressions)
            default:
                if try reader.peekKind() == .string {
                    matchLabels[key.string] = try reader.readString()
                } else {
                    try reader.skipValue()
                }
            }
        }
    }
}

extension LabelRequirement: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "key", "scopeName": try reader.read(into: &self.key)
            case "operator": try reader.read(into: &condition)
            case "values": try reader.read(into: &values)
            default: try reader.skipValue()
            }
        }
    }
}
