// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Where a pod wants to be.
public struct Affinity: Sendable, Hashable {
    /// The nodes that will do; nil: all.
    public var requiredNodes: NodeSelector?
    /// The pods beside which it has to be.
    public var requiredPods: [PodAffinityTerm] = []
    /// The pods beside which it must not be.
    public var forbiddenPods: [PodAffinityTerm] = []

    /// Creates an empty value.
    public init() {}
}

extension Affinity: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "nodeAffinity":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "requiredDuringSchedulingIgnoredDuringExecution": try reader.read(into: &requiredNodes)
                    default: try reader.skipValue()
                    }
                }
            case "podAffinity":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "requiredDuringSchedulingIgnoredDuringExecution": try reader.read(into: &requiredPods)
                    default: try reader.skipValue()
                    }
                }
            case "podAntiAffinity":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "requiredDuringSchedulingIgnoredDuringExecution": try reader.read(into: &forbiddenPods)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// Some pods, and what it means to be beside them.
public struct PodAffinityTerm: Sendable, Hashable {
    /// The pods; nil: none.
    public var selector: LabelSelector?
    /// Their namespaces.
    public var namespaces: [String] = []
    /// Their namespaces, by label; with ``namespaces`` empty too and this nil: that of the pod.
    public var namespaceSelector: LabelSelector?
    /// The label of nodes that are one place, such as `kubernetes.io/hostname`.
    public var topologyKey = ""

    /// Creates an empty value.
    public init() {}
}

extension PodAffinityTerm: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "labelSelector": try reader.read(into: &selector)
            case "namespaces": try reader.read(into: &namespaces)
            case "namespaceSelector": try reader.read(into: &namespaceSelector)
            case "topologyKey": try reader.read(into: &topologyKey)
            default: try reader.skipValue()
            }
        }
    }
}
