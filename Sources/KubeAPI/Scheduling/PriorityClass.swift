// SPDX-License-Identifier: Apache-2.0
public import JSON

/// How important pods are (`scheduling.k8s.io/v1`).
public struct PriorityClass: ObservedResource {
    public static let apiResource = APIResource(
        group: "scheduling.k8s.io",
        version: "v1",
        kind: "PriorityClass",
        plural: "priorityclasses",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// Higher is more important.
    public var value = Int64(0)
    /// Whether pods without a class get this one.
    public var isGlobalDefault = false
    /// Whether they may push others off a node, or `Never`.
    public var preemptionPolicy = "PreemptLowerPriority"

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "value": try reader.read(into: &value)
            case "globalDefault": try reader.read(into: &isGlobalDefault)
            case "preemptionPolicy": try reader.read(into: &preemptionPolicy)
            default: try reader.skipValue()
            }
        }
    }
}
