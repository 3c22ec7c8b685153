// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

/// What sort of token is wanted for a service account (`authentication.k8s.io/v1`).
public struct TokenRequest: Sendable, Hashable {
    /// The object with which a token ends: when it is deleted, the token is worth nothing.
    public struct BoundObject: Sendable, Hashable {
        /// `Pod`, `Secret` or, on servers from 1.29 on, `Node`.
        public var kind: String
        /// The group and version, such as `v1`.
        public var apiVersion: String
        /// The object's name.
        public var name: String
        /// The object's identity; empty for whichever has that name.
        public var uid: String

        /// Names an object.
        public init(kind: String, apiVersion: String = "v1", name: String, uid: String = "") {
            self.kind = kind
            self.apiVersion = apiVersion
            self.name = name
            self.uid = uid
        }
    }

    /// Who may be shown the token; empty for the API server itself.
    public var audiences: [String]
    /// How long the token should live, in seconds, at least 600; nil for the server's default, an hour.
    ///
    /// The server may grant less or more: look at ``ServiceAccountToken/expiration``.
    public var expirationSeconds: Int?
    /// The object with which the token ends.
    public var boundObject: BoundObject?

    /// Creates a request.
    public init(audiences: [String] = [], expirationSeconds: Int? = nil, boundObject: BoundObject? = nil) {
        self.audiences = audiences
        self.expirationSeconds = expirationSeconds
        self.boundObject = boundObject
    }
}

/// A token of a service account.
///
/// Printing it does not show the token.
public struct ServiceAccountToken: Sendable, Hashable {
    /// The token: whoever has it is the service account.
    public var token: String
    /// When it stops being worth anything.
    public var expiration: Timestamp

    /// Wraps a token.
    public init(token: String, expiration: Timestamp) {
        self.token = token
        self.expiration = expiration
    }
}

extension ServiceAccountToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Until when there is a token.
    public var description: String { "token until \(expiration)" }
    /// Until when there is a token.
    public var debugDescription: String { description }
    /// No parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension KubernetesClient {
    /// Asks for a token of a service account.
    ///
    /// It is not tried again when the connection breaks, although that would do no harm but for a token that nobody
    /// knows.
    /// - Throws: ``KubeError``, which never holds a part of the answer.
    public func requestToken(
        serviceAccount: String,
        namespace: String,
        _ options: TokenRequest = TokenRequest()
    ) async throws(KubeError) -> ServiceAccountToken {
        try Request.checkSegment(namespace)
        try Request.checkSegment(serviceAccount)
        let accounts = "/api/v1/namespaces/\(namespace)/serviceaccounts"
        return try await review(
            "TokenRequest",
            Review.authentication,
            at: "\(accounts)/\(serviceAccount)/token"
        ) { writer in
            // Not optional in this API: servers before 1.21 refuse a request without the list.
            writer.field("audiences", options.audiences)
            writer.field("expirationSeconds", options.expirationSeconds)
            writer.field("boundObjectRef", options.boundObject)
        }
    }
}

extension TokenRequest.BoundObject: JSONEncodable {
    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("kind", kind)
            writer.field("apiVersion", apiVersion)
            writer.field("name", name)
            writer.field("uid", uid.isEmpty ? nil : uid)
        }
    }
}

extension ServiceAccountToken: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        var token: String?
        var expiration: Timestamp?
        let offset = reader.offset
        try reader.readStatus { field, reader throws(JSONError) in
            switch field {
            case "token": try reader.read(into: &token)
            case "expirationTimestamp": try reader.read(into: &expiration)
            default: try reader.skipValue()
            }
        }
        guard let token, !token.isEmpty, let expiration else {
            throw JSONError(code: .invalidValue, message: "there is no token in it", offset: offset)
        }
        self.init(token: token, expiration: expiration)
    }
}
