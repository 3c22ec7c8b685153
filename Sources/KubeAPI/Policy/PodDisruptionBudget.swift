// SPDX-License-Identifier: Apache-2.0
public import JSON

/// How many pods may be gone at once when somebody makes room (`policy/v1`).
public struct PodDisruptionBudget: ObservedResource {
    public static let apiResource = APIResource(
        group: "policy",
        version: "v1",
        kind: "PodDisruptionBudget",
        plural: "poddisruptionbudgets"
    )

    public var metadata: ObjectMeta
    /// The pods; nil: none.
    public var selector: LabelSelector?
    /// How many have to stay.
    public var minAvailable: IntOrString?
    /// How many may be gone.
    public var maxUnavailable: IntOrString?
    /// How many may go now.
    public var disruptionsAllowed = 0
    /// How many do well.
    public var currentHealthy = 0
    /// How many have to do well.
    public var desiredHealthy = 0
    /// How many there are.
    public var expectedPods = 0
    /// The generation of the spec that was observed.
    public var observedGeneration: Int64?
    /// What was observed.
    public var conditions: [Condition] = []

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
                    case "selector": try reader.read(into: &selector)
                    case "minAvailable": try reader.read(into: &minAvailable)
                    case "maxUnavailable": try reader.read(into: &maxUnavailable)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "disruptionsAllowed": try reader.read(into: &disruptionsAllowed)
                    case "currentHealthy": try reader.read(into: &currentHealthy)
                    case "desiredHealthy": try reader.read(into: &desiredHealthy)
                    case "expectedPods": try reader.read(into: &expectedPods)
                    case "observedGeneration": try reader.read(into: &observedGeneration)
                    case "conditions": try reader.read(into: &conditions)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
