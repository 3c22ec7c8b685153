// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Names an object of any kind, as events do.
public struct ObjectReference: Sendable, Hashable {
    /// The object's group and version.
    public var apiVersion: String
    /// The object's kind.
    public var kind: String
    /// The namespace; empty for cluster-scoped objects.
    public var namespace: String
    /// The name.
    public var name: String
    /// The identity, where it is known.
    public var uid: String?
    /// The part of the object that is meant, such as `spec.containers{app}`.
    public var fieldPath: String?

    /// Creates a reference.
    public init(
        apiVersion: String = "",
        kind: String = "",
        namespace: String = "",
        name: String = "",
        uid: String? = nil,
        fieldPath: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.fieldPath = fieldPath
    }
}

extension ObjectReference: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "apiVersion": try reader.read(into: &apiVersion)
            case "kind": try reader.read(into: &kind)
            case "namespace": try reader.read(into: &namespace)
            case "name": try reader.read(into: &name)
            case "uid": try reader.read(into: &uid)
            case "fieldPath": try reader.read(into: &fieldPath)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", apiVersion.isEmpty ? nil : apiVersion)
            writer.field("kind", kind.isEmpty ? nil : kind)
            writer.field("namespace", namespace.isEmpty ? nil : namespace)
            writer.field("name", name.isEmpty ? nil : name)
            writer.field("uid", uid)
            writer.field("fieldPath", fieldPath)
        }
    }
}

extension ObjectReference: CustomStringConvertible {
    /// `Kind/namespace/name`, or `Kind/name` for a cluster-scoped object.
    public var description: String { namespace.isEmpty ? "\(kind)/\(name)" : "\(kind)/\(namespace)/\(name)" }
}
