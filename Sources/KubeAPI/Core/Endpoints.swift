// SPDX-License-Identifier: Apache-2.0
public import JSON

/// The addresses behind a Service of the same name (core `v1`).
public struct Endpoints: ObservedResource {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "Endpoints", plural: "endpoints")

    public var metadata: ObjectMeta
    /// Addresses with the ports that they share.
    public var subsets: [EndpointSubset] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    /// Whether any address gets traffic.
    public var hasReadyAddress: Bool { subsets.contains { !$0.addresses.isEmpty } }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "subsets": try reader.read(into: &subsets)
            default: try reader.skipValue()
            }
        }
    }
}

/// Addresses with the ports that they share.
public struct EndpointSubset: Sendable, Hashable {
    /// Those that get traffic.
    public var addresses: [EndpointAddress] = []
    /// Those that do not, because their pods are not ready.
    public var notReadyAddresses: [EndpointAddress] = []
    /// The ports of all of them.
    public var ports: [EndpointPort] = []

    /// Creates an empty value.
    public init() {}
}

extension EndpointSubset: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "addresses": try reader.read(into: &addresses)
            case "notReadyAddresses": try reader.read(into: &notReadyAddresses)
            case "ports": try reader.read(into: &ports)
            default: try reader.skipValue()
            }
        }
    }
}

/// One address behind a Service.
public struct EndpointAddress: Sendable, Hashable {
    /// The address.
    public var ip = ""
    /// The node that it is on.
    public var nodeName: String?
    /// The pod that has the address.
    public var target: ObjectReference?

    /// Creates an empty value.
    public init() {}
}

extension EndpointAddress: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "ip": try reader.read(into: &ip)
            case "nodeName": try reader.read(into: &nodeName)
            case "targetRef": try reader.read(into: &target)
            default: try reader.skipValue()
            }
        }
    }
}

/// One port behind a Service.
public struct EndpointPort: Sendable, Hashable {
    /// The name of the Service's port.
    public var name: String?
    /// The number.
    public var port: Int?
    /// `TCP`, `UDP` or `SCTP`.
    public var transport = "TCP"

    /// Creates an empty value.
    public init() {}
}

extension EndpointPort: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "port": try reader.read(into: &port)
            case "protocol": try reader.read(into: &transport)
            default: try reader.skipValue()
            }
        }
    }
}
