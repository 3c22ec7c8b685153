// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Who may talk to some pods, and whom they may talk to (`networking.k8s.io/v1`).
public struct NetworkPolicy: ObservedResource {
    public static let apiResource = APIResource(
        group: "networking.k8s.io",
        version: "v1",
        kind: "NetworkPolicy",
        plural: "networkpolicies"
    )

    public var metadata: ObjectMeta
    /// The pods; empty: all of the namespace.
    public var podSelector = LabelSelector()
    /// `Ingress`, `Egress`, as they are written.
    public var declaredTypes: [String] = []
    /// Who may talk to them.
    public var ingress: [NetworkPolicyRule] = []
    /// Whom they may talk to.
    public var egress: [NetworkPolicyRule] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    /// Whether it bounds what comes in.
    public var restrictsIngress: Bool { declaredTypes.isEmpty || declaredTypes.contains("Ingress") }

    /// Whether it bounds what goes out.
    public var restrictsEgress: Bool {
        declaredTypes.isEmpty ? !egress.isEmpty : declaredTypes.contains("Egress")
    }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "podSelector": try reader.read(into: &podSelector)
                    case "policyTypes": try reader.read(into: &declaredTypes)
                    case "ingress": try reader.read(into: &ingress)
                    case "egress": try reader.read(into: &egress)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// Some peers, and the ports at which they are let through.
public struct NetworkPolicyRule: Sendable, Hashable {
    /// The peers of an ingress rule; empty: everybody.
    public var from: [NetworkPolicyPeer] = []
    /// The peers of an egress rule; empty: everybody.
    public var to: [NetworkPolicyPeer] = []
    /// The ports; empty: all.
    public var ports: [NetworkPolicyPort] = []

    /// Creates an empty value.
    public init() {}
}

extension NetworkPolicyRule: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "from": try reader.read(into: &from)
            case "to": try reader.read(into: &to)
            case "ports": try reader.read(into: &ports)
            default: try reader.skipValue()
            }
        }
    }
}

/// Some pods, or some addresses.
public struct NetworkPolicyPeer: Sendable, Hashable {
    /// The pods; nil: all of the namespaces that are meant.
    public var podSelector: LabelSelector?
    /// Their namespaces; nil: that of the policy.
    public var namespaceSelector: LabelSelector?
    /// The addresses.
    public var cidr: String?
    /// The addresses among them that are not meant.
    public var except: [String] = []

    /// Creates an empty value.
    public init() {}
}

extension NetworkPolicyPeer: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "podSelector": try reader.read(into: &podSelector)
            case "namespaceSelector": try reader.read(into: &namespaceSelector)
            case "ipBlock":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "cidr": try reader.read(into: &cidr)
                    case "except": try reader.read(into: &except)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// Some ports.
public struct NetworkPolicyPort: Sendable, Hashable {
    /// `TCP`, `UDP` or `SCTP`.
    public var transport = "TCP"
    /// The number, or the name of a port of the pods; nil: all.
    public var port: IntOrString?
    /// The last one, if it is a range.
    public var endPort: Int?

    /// Creates an empty value.
    public init() {}
}

extension NetworkPolicyPort: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "protocol": try reader.read(into: &transport)
            case "port": try reader.read(into: &port)
            case "endPort": try reader.read(into: &endPort)
            default: try reader.skipValue()
            }
        }
    }
}
