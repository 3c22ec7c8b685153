// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What somebody may do in a namespace (`rbac.authorization.k8s.io/v1`).
public struct Role: ObservedResource {
    public static let apiResource = APIResource(
        group: "rbac.authorization.k8s.io",
        version: "v1",
        kind: "Role",
        plural: "roles"
    )

    public var metadata: ObjectMeta
    /// What is allowed; each rule adds to the others.
    public var rules: [Rule] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "rules": try reader.read(into: &rules)
            default: try reader.skipValue()
            }
        }
    }
}

extension Role {
    /// Some verbs on some kinds of object.
    public struct Rule: Sendable, Hashable, JSONDecodable {
        /// What may be done, such as `get`; `*` is everything.
        public var verbs: [String] = []
        /// The plural names of the kinds; `*` is all of them.
        public var resources: [String] = []

        /// Creates an empty rule.
        public init() {}

        public init(from reader: inout JSONReader) throws(JSONError) {
            try reader.readFields { (key, reader) throws(JSONError) in
                switch key {
                case "verbs": try reader.read(into: &verbs)
                case "resources": try reader.read(into: &resources)
                default: try reader.skipValue()
                }
            }
        }
    }
}

/// Who has a role in a namespace (`rbac.authorization.k8s.io/v1`).
public struct RoleBinding: ObservedResource {
    public static let apiResource = APIResource(
        group: "rbac.authorization.k8s.io",
        version: "v1",
        kind: "RoleBinding",
        plural: "rolebindings"
    )

    public var metadata: ObjectMeta
    /// `Role` or `ClusterRole`.
    public var roleKind = ""
    /// The name of the role.
    public var roleName = ""

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "roleRef":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "kind": try reader.read(into: &roleKind)
                    case "name": try reader.read(into: &roleName)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
