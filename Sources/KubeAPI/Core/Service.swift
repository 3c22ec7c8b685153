// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A name and an address in front of pods (core `v1`).
public struct Service: ObservedResource {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "Service", plural: "services")

    public var metadata: ObjectMeta
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    public var type = "ClusterIP"
    /// Its address; `None` for a headless one, whose name resolves to the pods.
    public var clusterIP: String?
    /// The name that it stands for, if its type is `ExternalName`.
    public var externalName: String?
    /// The labels of its pods; empty if somebody else fills in its endpoints.
    public var selector: [String: String] = [:]
    /// The ports that it offers.
    public var ports: [ServicePort] = []
    /// Whether pods that are not ready get traffic too.
    public var publishesNotReadyAddresses = false
    /// Which pods get what comes from within the cluster: `Cluster`, or `Local` for those of the sender's node.
    public var internalTrafficPolicy = "Cluster"
    /// Which pods get what comes to a node from outside: `Cluster`, or `Local` for those of that node.
    public var externalTrafficPolicy = "Cluster"
    /// Where a load balancer outside of the cluster can be reached.
    public var loadBalancerIngress: [LoadBalancerIngress] = []

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
                    case "type": try reader.read(into: &type)
                    case "clusterIP": try reader.read(into: &clusterIP)
                    case "externalName": try reader.read(into: &externalName)
                    case "selector": try reader.read(into: &selector)
                    case "ports": try reader.read(into: &ports)
                    case "publishNotReadyAddresses": try reader.read(into: &publishesNotReadyAddresses)
                    case "internalTrafficPolicy": try reader.read(into: &internalTrafficPolicy)
                    case "externalTrafficPolicy": try reader.read(into: &externalTrafficPolicy)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "loadBalancer":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "ingress": try reader.read(into: &loadBalancerIngress)
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

/// One port of a Service.
public struct ServicePort: Sendable, Hashable {
    /// Its name; needed if there are several.
    public var name: String?
    /// `TCP`, `UDP` or `SCTP`.
    public var transport = "TCP"
    /// What clients connect to.
    public var port = 0
    /// The port of the pods, a number or the name of one of their ports; nil: as ``port``.
    public var targetPort: IntOrString?
    /// The port of every node, for `NodePort` and `LoadBalancer`.
    public var nodePort: Int?
    /// What is spoken, such as `https` or `kubernetes.io/h2c`.
    public var appProtocol: String?

    /// Creates an empty value.
    public init() {}
}

extension ServicePort: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "protocol": try reader.read(into: &transport)
            case "port": try reader.read(into: &port)
            case "targetPort": try reader.read(into: &targetPort)
            case "nodePort": try reader.read(into: &nodePort)
            case "appProtocol": try reader.read(into: &appProtocol)
            default: try reader.skipValue()
            }
        }
    }
}

/// An address at which something in the cluster can be reached from outside.
public struct LoadBalancerIngress: Sendable, Hashable {
    /// The address, if it is a number.
    public var ip: String?
    /// The address, if it is a name.
    public var hostname: String?

    /// Creates an empty value.
    public init() {}
}

extension LoadBalancerIngress: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "ip": try reader.read(into: &ip)
            case "hostname": try reader.read(into: &hostname)
            default: try reader.skipValue()
            }
        }
    }
}
