// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Whom a bearer token belongs to, in the words of the API server (`authentication.k8s.io/v1`).
public struct TokenReview: Sendable, Hashable {
    /// Whether the token is good.
    public var isAuthenticated = false
    /// Who it is; empty if nobody knows.
    public var user = Subject()
    /// What went wrong while it was decided; may be empty.
    public var error = ""

    /// Creates an answer that knows nobody.
    public init() {}

    /// Somebody who is known to an API server.
    public struct Subject: Sendable, Hashable {
        /// The user name.
        public var username = ""
        /// What tells the user from others of the same name, at other times.
        public var uid = ""
        /// The groups.
        public var groups: [String] = []
        /// What else an authenticator says, such as the name of a pod.
        public var extra: [String: [String]] = [:]

        /// Creates a subject without a name.
        public init() {}
    }
}

extension KubernetesClient {
    /// Asks the server whose token this is; it needs the right to create tokenreviews.
    /// - Parameter token: a bearer token that somebody has sent.
    public func tokenReview(_ token: String) async throws(KubeError) -> TokenReview {
        try await review("TokenReview", Review.authentication) { $0.field("token", token) }
    }

    /// Asks the server whether somebody may do something; it needs the right to create subjectaccessreviews.
    public func subjectAccessReview(
        _ attributes: AccessAttributes,
        for subject: TokenReview.Subject
    ) async throws(KubeError) -> AccessReview {
        try await review("SubjectAccessReview", Review.authorization) { writer in
            attributes.encodeFields(to: &writer)
            writer.field("user", subject.username)
            writer.field("uid", subject.uid)
            writer.field("groups", subject.groups)
            writer.field("extra", subject.extra)
        }
    }
}

extension TokenReview: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.readStatus { field, reader throws(JSONError) in
            switch field {
            case "authenticated": try reader.read(into: &isAuthenticated)
            case "error": try reader.read(into: &error)
            case "user": try reader.read(into: &user)
            default: try reader.skipValue()
            }
        }
    }
}

extension TokenReview.Subject: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "username": try reader.read(into: &username)
            case "uid": try reader.read(into: &uid)
            case "groups": try reader.read(into: &groups)
            case "extra": try reader.read(into: &extra)
            default: try reader.skipValue()
            }
        }
    }
}
