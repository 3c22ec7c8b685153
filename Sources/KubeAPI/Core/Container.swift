// SPDX-License-Identifier: Apache-2.0
public import JSON

/// One container of a pod.
public struct Container: Sendable, Hashable {
    /// A place where a volume appears in the container's file system.
    public struct Mount: Sendable, Hashable {
        /// The volume.
        public var name = ""
        /// Where it appears.
        public var path = ""
        /// The part of the volume that appears; empty: all of it.
        public var subPath = ""
        /// Whether it may only be read.
        public var isReadOnly = false

        /// Creates an empty mount.
        public init() {}
    }

    /// A port that the container says it listens on.
    public struct Port: Sendable, Hashable {
        /// Its name, for Services and probes.
        public var name: String?
        /// The number.
        public var number = 0
        /// `TCP`, `UDP` or `SCTP`.
        public var transport = "TCP"
        /// The port of the node that leads to it.
        public var hostPort: Int?

        /// Creates an empty port.
        public init() {}
    }

    /// The name, unique within the pod.
    public var name = ""
    /// The image that it is made from.
    public var image = ""
    /// When the image is fetched: `Always`, `IfNotPresent` or `Never`; empty: it depends on the tag.
    public var imagePullPolicy = ""
    /// What is run instead of the image's own entry point.
    public var command: [String] = []
    /// What that is told.
    public var arguments: [String] = []
    /// The directory in which it is run; empty: that of the image.
    public var workingDirectory = ""
    /// Its environment.
    public var environment: [EnvironmentVariable] = []
    /// More of its environment.
    public var environmentSources: [EnvironmentSource] = []
    /// As whom it runs, where that differs from its pod.
    public var securityContext = SecurityContext()
    /// What it is promised, by resource, as quantities such as `64Mi`.
    public var requests: [String: String] = [:]
    /// What it must not exceed, by resource.
    public var limits: [String: String] = [:]
    /// What it says it listens on; a container may listen on more.
    public var ports: [Port] = []
    /// Its volumes.
    public var mounts: [Mount] = []
    /// What kills it when it fails.
    public var livenessProbe: Probe?
    /// What keeps traffic away from it when it fails.
    public var readinessProbe: Probe?
    /// What has to succeed before the other two begin.
    public var startupProbe: Probe?
    /// `Always` for an init container that keeps running beside the others.
    public var restartPolicy: String?

    /// Creates a container.
    public init(name: String = "", image: String = "") {
        self.name = name
        self.image = image
    }

    /// How much of a resource it is promised; nil if it asks for none.
    public func request(of resource: String) -> Quantity? { requests[resource].flatMap { Quantity($0) } }

    /// How much of a resource it may use; nil if there is no bound.
    public func limit(of resource: String) -> Quantity? { limits[resource].flatMap { Quantity($0) } }
}

extension Container: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "image": try reader.readShared(into: &image)
            case "imagePullPolicy": try reader.read(into: &imagePullPolicy)
            case "command": try reader.readShared(into: &command)
            case "args": try reader.readShared(into: &arguments)
            case "workingDir": try reader.read(into: &workingDirectory)
            case "env": try reader.readShared(into: &environment)
            case "envFrom": try reader.readShared(into: &environmentSources)
            case "securityContext": try reader.read(into: &securityContext)
            case "resources": if try !reader.readNull() { try readResources(from: &reader) }
            case "ports": try reader.readShared(into: &ports)
            case "volumeMounts": try reader.read(into: &mounts)
            case "livenessProbe": try reader.read(into: &livenessProbe)
            case "readinessProbe": try reader.read(into: &readinessProbe)
            case "startupProbe": try reader.read(into: &startupProbe)
            case "restartPolicy": try reader.read(into: &restartPolicy)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readResources(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "requests": try reader.readShared(into: &requests)
            case "limits": try reader.readShared(into: &limits)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("image", image)
            writer.field(
                "resources",
                object: { writer in
                    writer.field("requests", requests.isEmpty ? nil : requests)
                    writer.field("limits", limits.isEmpty ? nil : limits)
                }
            )
        }
    }
}

extension Container.Mount: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "mountPath": try reader.readShared(into: &path)
            case "subPath": try reader.read(into: &subPath)
            case "readOnly": try reader.read(into: &isReadOnly)
            default: try reader.skipValue()
            }
        }
    }
}

extension Container.Port: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "containerPort": try reader.read(into: &number)
            case "protocol": try reader.read(into: &transport)
            case "hostPort": try reader.read(into: &hostPort)
            default: try reader.skipValue()
            }
        }
    }
}
