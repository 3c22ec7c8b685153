// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Ways from outside of the cluster to Services (`networking.k8s.io/v1`).
public struct Ingress: ObservedResource {
    public static let apiResource = APIResource(
        group: "networking.k8s.io",
        version: "v1",
        kind: "Ingress",
        plural: "ingresses"
    )

    public var metadata: ObjectMeta
    /// The class; nil: the default class, or an older annotation.
    public var className: String?
    /// Where everything goes that no rule is for.
    public var defaultBackend: IngressBackend?
    /// The rules.
    public var rules: [IngressRule] = []
    /// The certificates.
    public var tls: [IngressTLS] = []
    /// Where it can be reached.
    public var loadBalancerIngress: [LoadBalancerIngress] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    /// Every place that it sends requests to.
    public var backends: [IngressBackend] {
        (defaultBackend.map { [$0] } ?? []) + rules.flatMap { $0.paths.map(\.backend) }
    }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "ingressClassName": try reader.read(into: &className)
                    case "defaultBackend": try reader.read(into: &defaultBackend)
                    case "rules": try reader.read(into: &rules)
                    case "tls": try reader.read(into: &tls)
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

/// Where the requests for one host go.
public struct IngressRule: Sendable, Hashable {
    /// The host; empty: any.
    public var host = ""
    /// The paths.
    public var paths: [IngressPath] = []

    /// Creates an empty value.
    public init() {}
}

extension IngressRule: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "host": try reader.read(into: &host)
            case "http":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "paths": try reader.read(into: &paths)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// Where the requests for one path go.
public struct IngressPath: Sendable, Hashable {
    /// The path.
    public var path = ""
    /// `Exact`, `Prefix` or `ImplementationSpecific`.
    public var pathType = ""
    /// Where they go.
    public var backend = IngressBackend()

    /// Creates an empty value.
    public init() {}
}

extension IngressPath: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "path": try reader.read(into: &path)
            case "pathType": try reader.read(into: &pathType)
            case "backend": try reader.read(into: &backend)
            default: try reader.skipValue()
            }
        }
    }
}

/// A port of a Service, or another object.
public struct IngressBackend: Sendable, Hashable {
    /// The Service.
    public var serviceName: String?
    /// Its port, by number.
    public var portNumber: Int?
    /// Its port, by name.
    public var portName: String?
    /// The object, if it is no Service.
    public var resource: ObjectReference?

    /// Creates an empty value.
    public init() {}
}

extension IngressBackend: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "service":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "name": try reader.read(into: &serviceName)
                    case "port":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "number": try reader.read(into: &portNumber)
                            case "name": try reader.read(into: &portName)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "resource": try reader.read(into: &resource)
            default: try reader.skipValue()
            }
        }
    }
}

/// A certificate for some hosts.
public struct IngressTLS: Sendable, Hashable {
    /// The hosts.
    public var hosts: [String] = []
    /// The Secret that holds it.
    public var secretName: String?

    /// Creates an empty value.
    public init() {}
}

extension IngressTLS: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "hosts": try reader.read(into: &hosts)
            case "secretName": try reader.read(into: &secretName)
            default: try reader.skipValue()
            }
        }
    }
}
