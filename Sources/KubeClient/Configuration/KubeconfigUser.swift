// SPDX-License-Identifier: Apache-2.0
import JSON
import OrderedCollections

/// The part of a kubeconfig that says who the client is.
struct KubeconfigUser {
    private let user: KubeconfigField

    init(_ user: KubeconfigField) { self.user = user }

    func apply(to configuration: inout ClientConfiguration) throws(KubeError) {
        try user.allowOnly([
            "client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile",
            "username", "password", "as", "as-uid", "as-groups", "as-user-extra", "extensions",
        ])
        let certificate = try user.pem("client-certificate")
        let key = try user.pem("client-key")
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?): configuration.clientCertificate = .init(certificate: certificate, key: key)
        case (_?, nil): throw user.failure(nil, "has a client-certificate but no client-key")
        case (nil, _?): throw user.failure(nil, "has a client-key but no client-certificate")
        }
        configuration.credentials = try credentials()
        configuration.impersonation = try impersonation()
    }

    /// What kubectl would use: a file comes before the token that is written out.
    private func credentials() throws(KubeError) -> ClientConfiguration.Credentials {
        let token = try user.string("token")
        let file = try user.string("tokenFile")
        let username = try user.string("username")
        let password = try user.string("password") ?? ""
        if username != nil, token != nil || file != nil {
            throw user.failure(nil, "has both a token and a username: the server takes one")
        }
        if let file { return .tokenFile(user.file.resolved(file)) }
        if let token { return .token(token) }
        if let username { return .basic(username: username, password: password) }
        return .none
    }

    private func impersonation() throws(KubeError) -> Impersonation? {
        var impersonation = Impersonation(
            user: try user.string("as") ?? "",
            uid: try user.string("as-uid") ?? "",
            groups: try user.strings("as-groups")
        )
        if let extra = user["as-user-extra"] {
            guard let fields = extra.value.objectValue else { throw extra.failure(nil, "has to be an object") }
            for key in fields.keys { impersonation.extra[key] = try extra.strings(key) }
        }
        if impersonation == Impersonation(user: "") { return nil }
        guard !impersonation.user.isEmpty else {
            throw user.failure(nil, "sets as-uid, as-groups or as-user-extra but not as")
        }
        return impersonation
    }
}
