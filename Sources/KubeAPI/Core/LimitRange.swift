// SPDX-License-Identifier: Apache-2.0
public import JSON

/// How much each object of a namespace may ask for (core `v1`).
public struct LimitRange: ObservedResource {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "LimitRange", plural: "limitranges")

    public var metadata: ObjectMeta
    /// The bounds by type.
    public var limits: [LimitRangeItem] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "limits": try reader.read(into: &limits)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// The bounds for one type of object.
public struct LimitRangeItem: Sendable, Hashable {
    /// `Container`, `Pod` or `PersistentVolumeClaim`.
    public var type = ""
    /// The least that may be asked for.
    public var minimum: [String: Quantity] = [:]
    /// The most that may be asked for.
    public var maximum: [String: Quantity] = [:]
    /// The limits of containers that name none.
    public var defaultLimits: [String: Quantity] = [:]
    /// The requests of containers that name none.
    public var defaultRequests: [String: Quantity] = [:]
    /// How many times its request a limit may be.
    public var maximumLimitRequestRatio: [String: Quantity] = [:]

    /// Creates an empty value.
    public init() {}
}

extension LimitRangeItem: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "type": try reader.read(into: &type)
            case "min": try reader.read(into: &minimum)
            case "max": try reader.read(into: &maximum)
            case "default": try reader.read(into: &defaultLimits)
            case "defaultRequest": try reader.read(into: &defaultRequests)
            case "maxLimitRequestRatio": try reader.read(into: &maximumLimitRequestRatio)
            default: try reader.skipValue()
            }
        }
    }
}
