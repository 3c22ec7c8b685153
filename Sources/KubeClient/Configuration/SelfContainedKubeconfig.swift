// SPDX-License-Identifier: Apache-2.0

extension ClientConfiguration {
    /// Reads a kubeconfig that somebody else has handed in.
    ///
    /// Everything that it needs has to be in the text itself. A program that it names would run here, a file that it
    /// names would be this process's, and a server that is not checked could be anybody: all of that is refused, in
    /// every entry and not only in those of the current context. A user of the current context without a credential is
    /// refused too, and so is a link-local address for a server: what answers there is the machine's own surroundings.
    /// Impersonation (`as`) is honoured as in every kubeconfig.
    /// - Parameters:
    ///   - kubeconfig: the text, as YAML or JSON.
    ///   - origin: what errors call it, such as `Secret aetherius-agents/edge1`.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``, which names the field.
    public static func selfContained(
        kubeconfig: [UInt8],
        origin: String
    ) throws(KubeError) -> ClientConfiguration {
        let file = try KubeconfigField(KubeconfigField.Document(path: origin, bytes: kubeconfig))
        for entry in try file.elements("clusters") {
            let cluster = entry.child("cluster", name: "\(entry.name).cluster")
            try cluster.refuse(
                ["certificate-authority"],
                because: "names a file: put its content into",
                suffix: "-data"
            )
            if try cluster.bool("insecure-skip-tls-verify") {
                throw cluster.failure(
                    "insecure-skip-tls-verify",
                    "is not allowed here: give certificate-authority-data"
                )
            }
            let server = try cluster.required("server")
            guard server.hasPrefix("https://") else { throw cluster.failure("server", "has to begin with https://") }
            for (field, url) in [("server", server), ("proxy-url", try cluster.string("proxy-url") ?? "")] {
                guard ServerAddress(url).isLinkLocal else { continue }
                throw cluster.failure(field, "is a link-local address, as of a cloud's metadata: name the API server")
            }
        }
        for entry in try file.elements("users") {
            let user = entry.child("user", name: "\(entry.name).user")
            for field in ["exec", "auth-provider"] where user[field] != nil {
                throw user.failure(field, "is not allowed here: a program would run; give a token or a certificate")
            }
            try user.refuse(
                ["client-certificate", "client-key"],
                because: "names a file: put its content into",
                suffix: "-data"
            )
            if user["tokenFile"] != nil {
                throw user.failure("tokenFile", "names a file: put its content into token")
            }
        }
        let configuration = try Kubeconfig(files: [file]).configuration(context: nil)
        if configuration.clientCertificate == nil, case .none = configuration.credentials {
            throw file.failure(
                "users",
                "gives the user of the current context nothing to prove itself with: put a token, or "
                    + "client-certificate-data and client-key-data, there"
            )
        }
        return configuration
    }
}

extension KubeconfigField {
    fileprivate func refuse(_ keys: [String], because reason: String, suffix: String) throws(KubeError) {
        for key in keys where self[key] != nil { throw failure(key, "\(reason) \(key)\(suffix)") }
    }
}
