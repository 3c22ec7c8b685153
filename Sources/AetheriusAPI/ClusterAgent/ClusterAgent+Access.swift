// SPDX-License-Identifier: Apache-2.0
public import JSON

extension ClusterAgent {
    /// What may be looked at and done in a cluster, and for whom.
    ///
    /// It narrows what the agent's own rights allow.
    public struct Access: Sendable, Hashable {
        /// The namespaces the agent looks at and plans may touch.
        ///
        /// Empty: all.
        public var namespaces = NamespaceSelection()
        /// Actions that plans may use, such as `get_logs`; a single `*` allows all.
        ///
        /// Empty: every read-only action. At most 64.
        public var actions: [String] = []
        /// Which namespaces of this cluster a namespace beside the operator may ask about.
        ///
        /// At most 100.
        public var tenants: [TenantGrant] = []

        /// Creates the access that is given where nothing is said.
        public init() {}
    }

    /// Namespaces by name or pattern; `*` stands for any characters.
    public struct NamespaceSelection: Sendable, Hashable {
        /// Only these; empty for all.
        ///
        /// At most 200.
        public var include: [String]
        /// Not these, even when included.
        ///
        /// At most 200.
        public var exclude: [String]

        /// Creates a selection; the default selects all.
        public init(include: [String] = [], exclude: [String] = []) {
            self.include = include
            self.exclude = exclude
        }
    }

    /// Allows a namespace beside the operator to ask about namespaces of an observed cluster.
    ///
    /// A namespace without a grant may ask about its namesake in the Local cluster only.
    public struct TenantGrant: Sendable, Hashable {
        /// The namespace in the operator's cluster whose tasks get the grant.
        public var hubNamespace: String
        /// Namespaces of the observed cluster they may look at, `*` standing for any characters.
        ///
        /// 1 to 50.
        public var namespaces: [String]

        /// Creates a grant.
        public init(hubNamespace: String, namespaces: [String]) {
            self.hubNamespace = hubNamespace
            self.namespaces = namespaces
        }
    }
}

extension ClusterAgent.Access: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "namespaces": try reader.read(into: &namespaces)
            case "actions": try reader.read(into: &actions)
            case "tenants": try reader.read(into: &tenants)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("namespaces", namespaces == ClusterAgent.NamespaceSelection() ? nil : namespaces)
            writer.field("actions", actions.nonEmpty)
            writer.field("tenants", tenants.nonEmpty)
        }
    }
}

extension ClusterAgent.NamespaceSelection: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "include": try reader.read(into: &include)
            case "exclude": try reader.read(into: &exclude)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("include", include.nonEmpty)
            writer.field("exclude", exclude.nonEmpty)
        }
    }
}

extension ClusterAgent.TenantGrant: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(hubNamespace: "", namespaces: [])
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "hubNamespace": try reader.read(into: &hubNamespace)
            case "namespaces": try reader.read(into: &namespaces)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("hubNamespace", hubNamespace)
            writer.field("namespaces", namespaces)
        }
    }
}
