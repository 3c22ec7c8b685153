// SPDX-License-Identifier: Apache-2.0
import JSON
import OrderedCollections

/// The part of a kubeconfig that says who the client is.
struct KubeconfigUser {
    private let user: KubeconfigField

    init(_ user: KubeconfigField) { self.user = user }

    func apply(to configuration: inout ClientConfiguration, cluster: KubeconfigField) throws(KubeError) {
        if user["auth-provider"] != nil {
            throw user.failure(
                "auth-provider",
                "is not supported: Kubernetes 1.26 removed it, use a credential plugin (exec) instead"
            )
        }
        try user.allowOnly([
            "client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile",
            "username", "password", "exec", "as", "as-uid", "as-groups", "as-user-extra", "extensions",
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
        if let exec = user["exec"] {
            let plugin = try KubeconfigExec(exec, cluster: cluster).plugin(for: configuration)
            // As in kubectl: what is written out is used, and the plugin does not run.
            if configuration.clientCertificate == nil, case .none = configuration.credentials {
                configuration.credentials = .exec(plugin)
            }
        }
        configuration.impersonation = try impersonation()
    }

    /// What kubectl would use: a file comes before the token that is written out.
    private func credentials() throws(KubeError) -> ClientConfiguration.Credentials {
        let token = try user.string("token")
        let file = try user.string("tokenFile")
        let username = try user.string("username")
        let password = try user.string("password")
        if username != nil, token != nil || file != nil {
            throw user.failure(nil, "has both a token and a username: the server takes one")
        }
        if password != nil, username == nil { throw user.failure(nil, "has a password but no username") }
        if let file { return .tokenFile(user.file.resolved(file)) }
        if let token {
            return .token(try BearerToken(token, from: "\(user.name).token in \(user.file.path)").text)
        }
        if let username {
            // The server takes what is before the first colon for the name.
            guard !username.contains(":") else { throw user.failure("username", "holds a colon") }
            return .basic(username: username, password: password ?? "")
        }
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
