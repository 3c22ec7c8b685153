// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Which nodes will do: those that satisfy any one of the terms.
public struct NodeSelector: Sendable, Hashable {
    /// The terms.
    public var terms: [NodeSelectorTerm] = []

    /// Creates a selector that no node satisfies.
    public init() {}

    /// Whether a node will do.
    public func matches(_ node: Node) -> Bool { terms.contains { $0.matches(node) } }
}

/// Requirements on a node, all of which have to hold.
public struct NodeSelectorTerm: Sendable, Hashable {
    /// Requirements on its labels.
    public var matchExpressions: [LabelRequirement] = []
    /// Requirements on its fields, of which the API knows `metadata.name` only.
    public var matchFields: [LabelRequirement] = []

    /// Creates a term without requirements, which no node satisfies.
    public init() {}

    /// Whether a node satisfies the term.
    public func matches(_ node: Node) -> Bool {
        guard !matchExpressions.isEmpty || !matchFields.isEmpty else { return false }
        return matchExpressions.allSatisfy { $0.matches(node.metadata.labels) }
            && matchFields.allSatisfy { $0.matches(["metadata.name": node.metadata.name]) }
    }
}

extension NodeSelector: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "nodeSelectorTerms": try reader.read(into: &terms)
            default: try reader.skipValue()
            }
        }
    }
}

extension NodeSelectorTerm: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "matchExpressions": try reader.read(into: &matchExpressions)
            case "matchFields": try reader.read(into: &matchFields)
            default: try reader.skipValue()
            }
        }
    }
}
