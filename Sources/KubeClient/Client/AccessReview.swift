// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Something that somebody may or may not be allowed to do (`authorization.k8s.io/v1`).
public enum AccessAttributes: Sendable, Hashable {
    /// An action on objects of a kind.
    case resource(Resource)
    /// An action on a path of the server that is no object, such as `get` on `/metrics`.
    case path(String, verb: String)

    /// An action on objects of a kind; `*` stands for all.
    public struct Resource: Sendable, Hashable {
        /// Such as `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`.
        public var verb: String
        /// The API group; empty for the core group.
        public var group: String
        /// The plural name, such as `pods`.
        public var resource: String
        /// Such as `log` or `status`; empty for the object itself.
        public var subresource: String
        /// The namespace; empty for all of them, or for a kind without namespaces.
        public var namespace: String
        /// The object's name; empty for all of them.
        public var name: String

        /// Describes an action.
        public init(
            verb: String,
            group: String = "",
            resource: String,
            subresource: String = "",
            namespace: String = "",
            name: String = ""
        ) {
            self.verb = verb
            self.group = group
            self.resource = resource
            self.subresource = subresource
            self.namespace = namespace
            self.name = name
        }
    }
}

/// What a server says about whether something is allowed.
public struct AccessReview: Sendable, Hashable {
    /// Whether it is allowed.
    public var isAllowed = false
    /// Whether it is forbidden expressly, and not only not allowed.
    public var isDenied = false
    /// Why, in the authorizer's words; may be empty.
    public var reason = ""
    /// What went wrong while it was decided; may be empty, and may be set although there is a decision.
    public var evaluationError = ""

    /// Creates an answer that allows nothing.
    public init() {}
}

extension KubernetesClient {
    /// Asks whether this client may do something.
    ///
    /// Every user may ask, on servers with default rights. The answer is for now: rights can change at any time.
    public func selfSubjectAccessReview(_ attributes: AccessAttributes) async throws(KubeError) -> AccessReview {
        try await review("SelfSubjectAccessReview", Review.authorization) { attributes.encodeFields(to: &$0) }
    }
}

extension AccessAttributes {
    /// Writes the fields that every review has for what is to be done.
    func encodeFields(to writer: inout JSONWriter) {
        switch self {
        case .resource(let resource): writer.field("resourceAttributes", resource)
        case .path(let path, let verb):
            writer.field(
                "nonResourceAttributes",
                object: { writer in
                    writer.field("path", path)
                    writer.field("verb", verb)
                }
            )
        }
    }
}

extension AccessAttributes.Resource: JSONEncodable {
    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("verb", verb)
            writer.field("group", group)
            writer.field("resource", resource)
            writer.field("subresource", subresource.isEmpty ? nil : subresource)
            writer.field("namespace", namespace.isEmpty ? nil : namespace)
            writer.field("name", name.isEmpty ? nil : name)
        }
    }
}

extension AccessReview: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.readStatus { field, reader throws(JSONError) in
            switch field {
            case "allowed": try reader.read(into: &isAllowed)
            case "denied": try reader.read(into: &isDenied)
            case "reason": try reader.read(into: &reason)
            case "evaluationError": try reader.read(into: &evaluationError)
            default: try reader.skipValue()
            }
        }
    }
}
