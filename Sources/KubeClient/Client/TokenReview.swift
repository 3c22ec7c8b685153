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
        var request = Request(method: .post, path: "/apis/authentication.k8s.io/v1/tokenreviews")
        request.setBody(TokenReviewBody(token: token))
        return try await send(request)
    }

    /// Asks the server whether somebody may do something; it needs the right to create subjectaccessreviews.
    public func subjectAccessReview(
        _ attributes: AccessAttributes,
        for subject: TokenReview.Subject
    ) async throws(KubeError) -> AccessReview {
        var request = Request(method: .post, path: "/apis/authorization.k8s.io/v1/subjectaccessreviews")
        request.setBody(SubjectAccessReviewBody(attributes: attributes, subject: subject))
        return try await send(request)
    }
}

private struct TokenReviewBody: JSONEncodable {
    let token: String

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", "authentication.k8s.io/v1")
            writer.field("kind", "TokenReview")
            writer.field("spec", object: { writer in writer.field("token", token) })
        }
    }
}

private struct SubjectAccessReviewBody: JSONEncodable {
    let attributes: AccessAttributes
    let subject: TokenReview.Subject

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", "authorization.k8s.io/v1")
            writer.field("kind", "SubjectAccessReview")
            writer.field(
                "spec",
                object: { writer in
                    attributes.encodeFields(to: &writer)
                    writer.field("user", subject.username)
                    writer.field("uid", subject.uid)
                    writer.field("groups", subject.groups)
                    writer.field("extra", subject.extra)
                }
            )
        }
    }
}

extension TokenReview: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "status":
                try reader.beginObject()
                while let field = try reader.nextKey() {
                    switch field {
                    case "authenticated": try reader.read(into: &isAuthenticated)
                    case "error": try reader.read(into: &error)
                    case "user": try reader.read(into: &user)
                    default: try reader.skipValue()
                    }
                }
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
