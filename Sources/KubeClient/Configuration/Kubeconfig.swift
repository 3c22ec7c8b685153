// SPDX-License-Identifier: Apache-2.0
import JSON

/// One or several kubeconfig files (`v1` `Config`), merged as kubectl merges them.
///
/// The first file that has an entry of a name, or sets the current context, wins; entries are not mixed. What this
/// client does not support is refused by name when the context that uses it is chosen, so that a file with other,
/// unused contexts still works.
struct Kubeconfig {
    private let files: [KubeconfigField]

    /// Reads one file, which has to exist.
    init(path: String) throws(KubeError) { self.init(files: [try KubeconfigField(readingFile: path)]) }

    /// Reads a list like that of `KUBECONFIG`, in which files may be missing.
    /// - Returns: nil if none of them exists.
    init?(list: String) throws(KubeError) {
        var files: [KubeconfigField] = []
        for path in list.split(separator: ":").map(String.init) where File.exists(path) {
            files.append(try KubeconfigField(readingFile: path))
        }
        guard !files.isEmpty else { return nil }
        self.init(files: files)
    }

    init(files: [KubeconfigField]) { self.files = files }

    func configuration(context name: String?) throws(KubeError) -> ClientConfiguration {
        // Not with ??, whose closure loses the type of the error.
        let chosen: String
        if let name { chosen = name } else { chosen = try currentContext() }
        let context = try entry("contexts", chosen, "context")
        try context.allowOnly(["cluster", "user", "namespace", "extensions"])
        let cluster = try entry("clusters", try context.required("cluster"), "cluster", askedBy: context["cluster"])
        var configuration = ClientConfiguration(server: try server(cluster))
        if let namespace = try context.string("namespace") { configuration.namespace = namespace }
        try apply(cluster: cluster, to: &configuration)
        if let userName = try context.string("user") {
            let user = try entry("users", userName, "user", askedBy: context["user"])
            try KubeconfigUser(user).apply(to: &configuration, cluster: cluster)
        }
        return configuration
    }

    private func currentContext() throws(KubeError) -> String {
        for file in files {
            if let name = try file.string("current-context") { return name }
        }
        throw failure("current-context is not set: name a context with --context")
    }

    private func server(_ cluster: KubeconfigField) throws(KubeError) -> String {
        var server = try cluster.required("server")
        guard server.hasPrefix("https://") || server.hasPrefix("http://") else {
            // Not what it is: a user name and password may stand there, as in a URL without its scheme.
            throw cluster.failure("server", "has to begin with https:// (or http://)")
        }
        // Errors name the server, and a password in its URL would be in them.
        guard !server.contains("@") else {
            throw cluster.failure("server", "holds a user name: put it into the user's username and password")
        }
        while server.hasSuffix("/") { server.removeLast() }
        return server
    }

    private func apply(cluster: KubeconfigField, to configuration: inout ClientConfiguration) throws(KubeError) {
        try cluster.allowOnly([
            "server", "insecure-skip-tls-verify", "certificate-authority",
            "certificate-authority-data", "tls-server-name", "proxy-url", "disable-compression", "extensions",
        ])
        configuration.skipsTLSVerification = try cluster.bool("insecure-skip-tls-verify")
        configuration.certificateAuthority = try cluster.pem("certificate-authority")
        if configuration.skipsTLSVerification, configuration.certificateAuthority != nil {
            throw cluster.failure(
                nil,
                "sets both certificate-authority and insecure-skip-tls-verify: remove one"
            )
        }
        if let name = try cluster.string("tls-server-name") {
            guard ServerName.isName(name) else {
                throw cluster.failure("tls-server-name", "has to be a host name or an address, without a port")
            }
            configuration.tlsServerName = name
        }
        configuration.allowsCompression = !(try cluster.bool("disable-compression"))
        if let proxy = try cluster.string("proxy-url") {
            guard Proxy.isSupported(proxy) else {
                throw cluster.failure("proxy-url", "has to begin with http://, https:// or socks5://")
            }
            configuration.proxy = .url(proxy)
        }
    }

    /// The named entry of a list such as `contexts`, which holds its content under the singular word.
    private func entry(
        _ list: String,
        _ name: String,
        _ content: String,
        askedBy origin: KubeconfigField? = nil
    ) throws(KubeError) -> KubeconfigField {
        var known: [String] = []
        for file in files {
            var found: KubeconfigField?
            for entry in try file.elements(list) {
                guard let entryName = try entry.string("name") else { throw entry.failure("name", "is missing") }
                known.append(entryName)
                guard entryName == name else { continue }
                guard found == nil else { throw entry.failure(nil, "is the second one with the name '\(name)'") }
                found = entry.child(content, name: "\(list)[\(name)].\(content)")
            }
            if let found { return found }
        }
        let message =
            "\(list) has no entry '\(name)'; it has: \(known.isEmpty ? "none" : known.joined(separator: ", "))"
        if let origin { throw origin.failure(nil, "names what is not there: \(message)") }
        throw failure(message)
    }

    private func failure(_ message: String) -> KubeError {
        KubeError(code: .configuration, message: "\(files.map(\.file.path).joined(separator: ":")): \(message)")
    }
}
