// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A machine that runs pods (core `v1`).
///
/// Holds what a diagnosis looks at, not the whole object: do not write it back with an update.
public struct Node: Resource, Hashable {
    public static let apiResource = APIResource(
        group: "",
        version: "v1",
        kind: "Node",
        plural: "nodes",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// Whether it is cordoned: it takes no new pods.
    public var isUnschedulable = false
    /// What keeps pods off.
    public var taints: [Taint] = []
    /// What it has.
    public var capacity: [String: Quantity] = [:]
    /// What pods may request of it.
    public var allocatable: [String: Quantity] = [:]
    /// `Ready`, `MemoryPressure`, `DiskPressure`, `PIDPressure`, `NetworkUnavailable`.
    public var conditions: [Condition] = []
    /// Its addresses.
    public var addresses: [NodeAddress] = []
    /// What runs on it.
    public var info = NodeInfo()

    /// Creates a node.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "unschedulable": try reader.read(into: &isUnschedulable)
                    case "taints": try reader.read(into: &taints)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "capacity": try reader.read(into: &capacity)
                    case "allocatable": try reader.read(into: &allocatable)
                    case "conditions": try reader.read(into: &conditions)
                    case "addresses": try reader.read(into: &addresses)
                    case "nodeInfo": try reader.read(into: &info)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
        }
    }
}
