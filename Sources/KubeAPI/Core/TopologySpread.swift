// SPDX-License-Identifier: Apache-2.0
public import JSON

/// How evenly pods have to be spread.
public struct TopologySpread: Sendable, Hashable {
    /// By how many pods the fullest place may exceed the emptiest.
    public var maxSkew = 1
    /// The label of nodes that are one place.
    public var topologyKey = ""
    /// `DoNotSchedule` or `ScheduleAnyway`.
    public var whenUnsatisfiable = ""
    /// The pods that are counted; nil: none.
    public var selector: LabelSelector?

    /// Creates an empty value.
    public init() {}
}

extension TopologySpread: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "maxSkew": try reader.read(into: &maxSkew)
            case "topologyKey": try reader.read(into: &topologyKey)
            case "whenUnsatisfiable": try reader.read(into: &whenUnsatisfiable)
            case "labelSelector": try reader.read(into: &selector)
            default: try reader.skipValue()
            }
        }
    }
}
