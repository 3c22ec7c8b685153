// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A part of the addresses behind a Service (`discovery.k8s.io/v1`).
public struct EndpointSlice: ObservedResource {
    public static let apiResource = APIResource(
        group: "discovery.k8s.io",
        version: "v1",
        kind: "EndpointSlice",
        plural: "endpointslices"
    )

    public var metadata: ObjectMeta
    /// `IPv4`, `IPv6` or `FQDN`.
    public var addressType = ""
    /// The addresses.
    public var endpoints: [SliceEndpoint] = []
    /// The ports of all of them.
    public var ports: [EndpointPort] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    /// The Service that it is for; nil if it says none.
    public var serviceName: String? { metadata.labels["kubernetes.io/service-name"] }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "addressType": try reader.read(into: &addressType)
            case "endpoints": try reader.read(into: &endpoints)
            case "ports": try reader.read(into: &ports)
            default: try reader.skipValue()
            }
        }
    }
}

/// One pod behind a Service.
public struct SliceEndpoint: Sendable, Hashable {
    /// Its addresses.
    public var addresses: [String] = []
    /// Whether it gets traffic; nil counts as true.
    public var isReady: Bool?
    /// Whether it could take traffic, even while it ends.
    public var isServing: Bool?
    /// Whether it is ending.
    public var isTerminating: Bool?
    /// The node that it is on.
    public var nodeName: String?
    /// The pod.
    public var target: ObjectReference?

    /// Creates an empty value.
    public init() {}
}

extension SliceEndpoint: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "addresses": try reader.read(into: &addresses)
            case "conditions":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "ready": try reader.read(into: &isReady)
                    case "serving": try reader.read(into: &isServing)
                    case "terminating": try reader.read(into: &isTerminating)
                    default: try reader.skipValue()
                    }
                }
            case "nodeName": try reader.read(into: &nodeName)
            case "targetRef": try reader.read(into: &target)
            default: try reader.skipValue()
            }
        }
    }
}
