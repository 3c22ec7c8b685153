// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What somebody may do in one namespace (`authorization.k8s.io/v1`).
public struct RulesReview: Sendable, Hashable {
    /// Actions on objects; `*` stands for all.
    public struct ResourceRule: Sendable, Hashable {
        /// Such as `get` or `list`.
        public var verbs: [String] = []
        /// The API groups; the core group is the empty text.
        public var groups: [String] = []
        /// Plural names, and subresources as in `pods/log`.
        public var resources: [String] = []
        /// The objects' names; empty for all of them.
        public var names: [String] = []

        /// Creates a rule that allows nothing.
        public init() {}
    }

    /// Actions on paths of the server that are no objects.
    public struct PathRule: Sendable, Hashable {
        /// Such as `get`.
        public var verbs: [String] = []
        /// Paths, which may end with `*`.
        public var paths: [String] = []

        /// Creates a rule that allows nothing.
        public init() {}
    }

    /// Actions on objects.
    public var resourceRules: [ResourceRule] = []
    /// Actions on paths that are no objects.
    public var pathRules: [PathRule] = []
    /// Whether there may be more: not every authorizer can list what it allows.
    public var isIncomplete = false
    /// What went wrong while the rules were collected; may be empty.
    public var evaluationError = ""

    /// Creates a review without rules.
    public init() {}
}

extension KubernetesClient {
    /// Asks what this client may do in a namespace.
    ///
    /// For showing it to people; to decide something, ask with ``selfSubjectAccessReview(_:)``.
    public func selfSubjectRulesReview(namespace: String) async throws(KubeError) -> RulesReview {
        try await review("SelfSubjectRulesReview", Review.authorization) { $0.field("namespace", namespace) }
    }
}

extension RulesReview: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.readStatus { field, reader throws(JSONError) in
            switch field {
            case "resourceRules": try reader.read(into: &resourceRules)
            case "nonResourceRules": try reader.read(into: &pathRules)
            case "incomplete": try reader.read(into: &isIncomplete)
            case "evaluationError": try reader.read(into: &evaluationError)
            default: try reader.skipValue()
            }
        }
    }
}

extension RulesReview.ResourceRule: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "verbs": try reader.read(into: &verbs)
            case "apiGroups": try reader.read(into: &groups)
            case "resources": try reader.read(into: &resources)
            case "resourceNames": try reader.read(into: &names)
            default: try reader.skipValue()
            }
        }
    }
}

extension RulesReview.PathRule: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "verbs": try reader.read(into: &verbs)
            case "nonResourceURLs": try reader.read(into: &paths)
            default: try reader.skipValue()
            }
        }
    }
}
