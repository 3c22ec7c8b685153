// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Sets how many replicas a workload has (`autoscaling/v2`).
public struct HorizontalPodAutoscaler: ObservedResource {
    public static let apiResource = APIResource(
        group: "autoscaling",
        version: "v2",
        kind: "HorizontalPodAutoscaler",
        plural: "horizontalpodautoscalers"
    )

    public var metadata: ObjectMeta
    /// The workload.
    public var target = ObjectReference()
    /// The fewest replicas.
    public var minReplicas = 1
    /// The most replicas.
    public var maxReplicas = 0
    /// What decides.
    public var metrics: [AutoscalerMetric] = []
    /// How many there are.
    public var currentReplicas = 0
    /// How many it wants.
    public var desiredReplicas = 0
    /// When it changed the number last.
    public var lastScaleTime: Timestamp?
    /// `AbleToScale`, `ScalingActive`, `ScalingLimited`.
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
                    case "scaleTargetRef": try reader.read(into: &target)
                    case "minReplicas": try reader.read(into: &minReplicas)
                    case "maxReplicas": try reader.read(into: &maxReplicas)
                    case "metrics": try reader.read(into: &metrics)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "currentReplicas": try reader.read(into: &currentReplicas)
                    case "desiredReplicas": try reader.read(into: &desiredReplicas)
                    case "lastScaleTime": try reader.read(into: &lastScaleTime)
                    case "conditions": try reader.read(into: &conditions)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// Something that is measured and held at a value.
public struct AutoscalerMetric: Sendable, Hashable {
    /// `Resource`, `ContainerResource`, `Pods`, `Object` or `External`.
    public var type = ""
    /// The resource, such as `cpu`.
    public var resource: String?
    /// `Utilization` (in percent of the requests), `Value` or `AverageValue`.
    public var target: String?
    /// The resource of one container.
    public var containerResource: String?
    /// The container.
    public var container: String?
    /// The metric of something outside of the cluster.
    public var externalMetric: String?
    /// The metric that each pod has.
    public var podsMetric: String?
    /// The metric of one object.
    public var objectMetric: String?

    /// Creates an empty value.
    public init() {}
}

extension AutoscalerMetric: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "type": try reader.read(into: &type)
            case "resource":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "name": try reader.read(into: &resource)
                    case "target":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "type": try reader.read(into: &target)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "containerResource":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "name": try reader.read(into: &containerResource)
                    case "container": try reader.read(into: &container)
                    default: try reader.skipValue()
                    }
                }
            case "external":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "metric":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "name": try reader.read(into: &externalMetric)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "pods":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "metric":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "name": try reader.read(into: &podsMetric)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "object":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "metric":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "name": try reader.read(into: &objectMetric)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
