// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Sends what comes in through a Gateway to Services (Gateway API): HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute.
public struct Route: KubernetesObject, Hashable {
    /// Which of the kinds it is.
    ///
    /// Objects in a list do not say; whoever lists them fills it in.
    public var kind = ""
    public var metadata: ObjectMeta
    /// The Gateways whose traffic it wants.
    public var parents: [GatewayReference] = []
    /// The hosts that it is for; empty: those of the listener.
    public var hostnames: [String] = []
    /// Where its rules send requests to, all rules together.
    public var backends: [GatewayReference] = []
    /// What each Gateway's controller says to it.
    public var parentStatuses: [RouteParentStatus] = []

    /// Creates a route that goes nowhere.
    public init(kind: String = "", metadata: ObjectMeta) {
        self.kind = kind
        self.metadata = metadata
    }

    /// The kinds that this type can hold, with their place in the API.
    public static let kinds: [APIResource] = [
        resource("v1", "HTTPRoute", "httproutes"),
        resource("v1", "GRPCRoute", "grpcroutes"),
        resource("v1alpha2", "TLSRoute", "tlsroutes"),
        resource("v1alpha2", "TCPRoute", "tcproutes"),
        resource("v1alpha2", "UDPRoute", "udproutes"),
    ]

    private static func resource(_ version: String, _ kind: String, _ plural: String) -> APIResource {
        APIResource(group: "gateway.networking.k8s.io", version: version, kind: kind, plural: plural)
    }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "kind": try reader.read(into: &kind)
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "parentRefs": try reader.read(into: &parents)
                    case "hostnames": try reader.read(into: &hostnames)
                    case "rules":
                        var rules: [RouteRule] = []
                        try reader.read(into: &rules)
                        backends = rules.flatMap(\.backends)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "parents": try reader.read(into: &parentStatuses)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("kind", kind.isEmpty ? nil : kind)
            writer.field("metadata", metadata)
        }
    }
}

/// What the controller of a Gateway says to a route.
public struct RouteParentStatus: Sendable, Hashable {
    /// The Gateway.
    public var parent = GatewayReference()
    /// The controller that says it.
    public var controllerName = ""
    /// `Accepted`, `ResolvedRefs`.
    public var conditions: [Condition] = []

    /// Creates an empty status.
    public init() {}
}

extension RouteParentStatus: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "parentRef": try reader.read(into: &parent)
            case "controllerName": try reader.read(into: &controllerName)
            case "conditions": try reader.read(into: &conditions)
            default: try reader.skipValue()
            }
        }
    }
}

/// One rule of a route, of which only its backends matter here.
private struct RouteRule: JSONDecodable {
    var backends: [GatewayReference] = []

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "backendRefs": try reader.read(into: &backends)
            default: try reader.skipValue()
            }
        }
    }
}
