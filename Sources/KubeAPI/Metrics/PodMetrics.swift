// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What a pod uses at the moment (`metrics.k8s.io/v1beta1`), on clusters with a metrics server.
public struct PodMetrics: ObservedResource {
    /// What one container uses.
    public struct Container: Sendable, Hashable {
        /// The container's name.
        public var name = ""
        /// By resource, `cpu` and `memory`, as quantities such as `250m`.
        public var usage: [String: String] = [:]

        /// Creates an empty value.
        public init() {}
    }

    public static let apiResource = APIResource(
        group: "metrics.k8s.io",
        version: "v1beta1",
        kind: "PodMetrics",
        plural: "pods"
    )

    public var metadata: ObjectMeta
    /// When it was measured.
    public var timestamp: Timestamp?
    /// The containers that ran then.
    public var containers: [Container] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "timestamp": try reader.read(into: &timestamp)
            case "containers": try reader.read(into: &containers)
            default: try reader.skipValue()
            }
        }
    }

    /// How much of a resource a container uses; nil if that is not known.
    public func usage(of resource: String, by container: String) -> Quantity? {
        containers.first { $0.name == container }?.usage[resource].flatMap { Quantity($0) }
    }
}

extension PodMetrics.Container: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "usage": try reader.read(into: &usage)
            default: try reader.skipValue()
            }
        }
    }
}
