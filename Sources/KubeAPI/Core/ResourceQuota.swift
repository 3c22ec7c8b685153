// SPDX-License-Identifier: Apache-2.0
public import JSON

/// How much a namespace may use (core `v1`).
public struct ResourceQuota: ObservedResource {
    public static let apiResource = APIResource(
        group: "",
        version: "v1",
        kind: "ResourceQuota",
        plural: "resourcequotas"
    )

    public var metadata: ObjectMeta
    /// The bounds, by names such as `requests.cpu`, `pods`, `services`.
    public var hard: [String: Quantity] = [:]
    /// Which pods count, such as `BestEffort`; empty: all.
    public var scopes: [String] = []
    /// Which pods count, by scopes such as `PriorityClass`, which are the requirements' keys.
    public var scopeSelector: [LabelRequirement] = []
    /// The bounds that are enforced at present.
    public var enforced: [String: Quantity] = [:]
    /// What is used.
    public var used: [String: Quantity] = [:]

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
                    case "hard": try reader.read(into: &hard)
                    case "scopes": try reader.read(into: &scopes)
                    case "scopeSelector":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "matchExpressions": try reader.read(into: &scopeSelector)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "hard": try reader.read(into: &enforced)
                    case "used": try reader.read(into: &used)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
