// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Lets objects of other namespaces refer to some of its own (Gateway API).
///
/// Grants add up; without one, nothing may refer to an object of another namespace.
public struct ReferenceGrant: ObservedResource {
    public static let apiResource = APIResource(
        group: "gateway.networking.k8s.io",
        version: "v1beta1",
        kind: "ReferenceGrant",
        plural: "referencegrants"
    )

    /// Who may refer.
    public struct Source: Sendable, Hashable {
        /// The group of the referring objects.
        public var group = ""
        /// Their kind.
        public var kind = ""
        /// Their namespace.
        public var namespace = ""

        /// Creates an empty value.
        public init() {}
    }

    /// To what.
    public struct Target: Sendable, Hashable {
        /// The group of the objects; empty for the core group.
        public var group = ""
        /// Their kind.
        public var kind = ""
        /// The one object; nil: all of the kind.
        public var name: String?

        /// Creates an empty value.
        public init() {}
    }

    public var metadata: ObjectMeta
    /// Who may refer.
    public var sources: [Source] = []
    /// To what in its own namespace.
    public var targets: [Target] = []

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
                    case "from": try reader.read(into: &sources)
                    case "to": try reader.read(into: &targets)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

extension ReferenceGrant.Source: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "group": try reader.read(into: &group)
            case "kind": try reader.read(into: &kind)
            case "namespace": try reader.read(into: &namespace)
            default: try reader.skipValue()
            }
        }
    }
}

extension ReferenceGrant.Target: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "group": try reader.read(into: &group)
            case "kind": try reader.read(into: &kind)
            case "name": try reader.read(into: &name)
            default: try reader.skipValue()
            }
        }
    }
}
