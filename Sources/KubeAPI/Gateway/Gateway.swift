// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Where traffic comes into the cluster (Gateway API).
public struct Gateway: ObservedResource {
    public static let apiResource = APIResource(
        group: "gateway.networking.k8s.io",
        version: "v1",
        kind: "Gateway",
        plural: "gateways"
    )

    public var metadata: ObjectMeta
    /// The class.
    public var className = ""
    /// The ports that it listens on.
    public var listeners: [GatewayListener] = []
    /// `Accepted`, `Programmed`.
    public var conditions: [Condition] = []
    /// What was observed of each listener.
    public var listenerStatuses: [GatewayListenerStatus] = []

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
                    case "gatewayClassName": try reader.read(into: &className)
                    case "listeners": try reader.read(into: &listeners)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "conditions": try reader.read(into: &conditions)
                    case "listeners": try reader.read(into: &listenerStatuses)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// A port on which a Gateway listens.
public struct GatewayListener: Sendable, Hashable {
    /// Its name.
    public var name = ""
    /// The port.
    public var port = 0
    /// `HTTP`, `HTTPS`, `TLS`, `TCP` or `UDP`.
    public var transport = ""
    /// The host; nil: any.
    public var hostname: String?
    /// The Secrets with its certificates.
    public var certificates: [GatewayReference] = []
    /// Where its routes may be: `All`, `Same` or `Selector`; nil: `Same`.
    public var allowedNamespaces: String?
    /// The namespaces of its routes, for `Selector`.
    public var allowedNamespaceSelector: LabelSelector?

    /// Creates an empty value.
    public init() {}
}

extension GatewayListener: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "port": try reader.read(into: &port)
            case "protocol": try reader.read(into: &transport)
            case "hostname": try reader.read(into: &hostname)
            case "tls":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "certificateRefs": try reader.read(into: &certificates)
                    default: try reader.skipValue()
                    }
                }
            case "allowedRoutes":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "namespaces":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "from": try reader.read(into: &allowedNamespaces)
                            case "selector": try reader.read(into: &allowedNamespaceSelector)
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

/// What was observed of a listener.
public struct GatewayListenerStatus: Sendable, Hashable {
    /// The listener.
    public var name = ""
    /// How many routes use it.
    public var attachedRoutes = 0
    /// `Accepted`, `ResolvedRefs`, `Programmed`, `Conflicted`.
    public var conditions: [Condition] = []

    /// Creates an empty value.
    public init() {}
}

extension GatewayListenerStatus: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "attachedRoutes": try reader.read(into: &attachedRoutes)
            case "conditions": try reader.read(into: &conditions)
            default: try reader.skipValue()
            }
        }
    }
}

/// Names an object that a Gateway or route refers to.
public struct GatewayReference: Sendable, Hashable {
    /// The group; nil: what the field implies, which is the core group for a Service or Secret.
    public var group: String?
    /// The kind; nil: what the field implies.
    public var kind: String?
    /// The namespace; nil: that of the object that refers.
    public var namespace: String?
    /// The name.
    public var name = ""
    /// The listener, if a route names one.
    public var sectionName: String?
    /// The port.
    public var port: Int?
    /// Which part of the traffic goes there; 0: none.
    public var weight = 1

    /// Creates an empty value.
    public init() {}
}

extension GatewayReference: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "group": try reader.read(into: &group)
            case "kind": try reader.read(into: &kind)
            case "namespace": try reader.read(into: &namespace)
            case "name": try reader.read(into: &name)
            case "sectionName": try reader.read(into: &sectionName)
            case "port": try reader.read(into: &port)
            case "weight": try reader.read(into: &weight)
            default: try reader.skipValue()
            }
        }
    }
}
