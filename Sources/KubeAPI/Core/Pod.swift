// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A group of containers that run together on one node (core `v1`).
///
/// Holds what a diagnosis looks at, not the whole object: do not write it back with an update.
public struct Pod: Resource, Hashable {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "Pod", plural: "pods")

    public var metadata: ObjectMeta
    /// What is wanted.
    public var spec = PodSpec()
    /// What was observed.
    public var status = PodStatus()

    /// Creates a pod without containers.
    public init(metadata: ObjectMeta) { self.metadata = metadata }
}

extension Pod {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec": try reader.read(into: &spec)
            case "status": try reader.read(into: &status)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
            writer.field("spec", spec)
        }
    }
}

/// What a pod is to be made of.
public struct PodSpec: Sendable, Hashable {
    /// The node that the pod was bound to.
    public var nodeName: String?
    /// `Always`, `OnFailure` or `Never`.
    public var restartPolicy = "Always"
    /// The containers that run side by side.
    public var containers: [Container] = []
    /// The containers that run one after the other before those.
    public var initContainers: [Container] = []

    /// Creates an empty description.
    public init() {}
}

extension PodSpec: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "nodeName": try reader.read(into: &nodeName)
            case "restartPolicy": try reader.read(into: &restartPolicy)
            case "containers": try reader.read(into: &containers)
            case "initContainers": try reader.read(into: &initContainers)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("nodeName", nodeName)
            writer.field("restartPolicy", restartPolicy)
            writer.field("containers", containers)
            writer.field("initContainers", initContainers.isEmpty ? nil : initContainers)
        }
    }
}

/// One container of a pod.
public struct Container: Sendable, Hashable {
    /// The name, unique within the pod.
    public var name = ""
    /// The image that it is made from.
    public var image = ""
    /// What it is promised, by resource, as quantities such as `64Mi`.
    public var requests: [String: String] = [:]
    /// What it must not exceed, by resource.
    public var limits: [String: String] = [:]

    /// Creates a container.
    public init(name: String = "", image: String = "") {
        self.name = name
        self.image = image
    }
}

extension Container: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "image": try reader.read(into: &image)
            case "resources": if try !reader.readNull() { try readResources(from: &reader) }
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readResources(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "requests": try reader.read(into: &requests)
            case "limits": try reader.read(into: &limits)
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
