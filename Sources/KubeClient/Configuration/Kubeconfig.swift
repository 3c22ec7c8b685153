// SPDX-License-Identifier: Apache-2.0
import JSON
import YAML

/// A kubeconfig file (`v1` `Config`).
///
/// What this client does not support is refused by name when the context that uses it is chosen, so that a file with
/// other, unused contexts still works.
struct Kubeconfig {
    private let path: String
    private let root: JSONValue

    init(path: String) throws(KubeError) {
        try self.init(path: path, bytes: try File.read(path, for: "the kubeconfig"))
    }

    init(path: String, bytes: [UInt8]) throws(KubeError) {
        self.path = path
        do {
            root = try YAML.decode(bytes)
        } catch {
            throw KubeError(code: .configuration, message: "\(path): \(error)", cause: error)
        }
        guard root.objectValue != nil else {
            throw KubeError(code: .configuration, message: "\(path) is not a kubeconfig: it holds no fields")
        }
    }

    func configuration(context name: String?) throws(KubeError) -> ClientConfiguration {
        // Not with ??, whose closure loses the type of the error.
        let current = name == nil ? try string(root, "current-context") : nil
        guard let name = name ?? current, !name.isEmpty else {
            throw failure("current-context is not set: name a context with --context")
        }
        let context = try entry("contexts", name, "context")
        let contextPath = "contexts[\(name)].context"
        let clusterName = try required(context, "cluster", in: contextPath)
        let cluster = try entry("clusters", clusterName, "cluster")
        let clusterPath = "clusters[\(clusterName)].cluster"
        try refuse(["proxy-url", "tls-server-name"], in: cluster, at: clusterPath)

        var configuration = ClientConfiguration(server: try server(cluster, at: clusterPath))
        if let namespace = try string(context, "namespace", in: contextPath) { configuration.namespace = namespace }
        configuration.skipsTLSVerification = try bool(cluster, "insecure-skip-tls-verify", in: clusterPath)
        configuration.certificateAuthority = try bytes(cluster, "certificate-authority", at: clusterPath)
        if configuration.skipsTLSVerification, configuration.certificateAuthority != nil {
            throw failure("\(clusterPath) sets both certificate-authority and insecure-skip-tls-verify: remove one")
        }
        if let userName = try string(context, "user", in: contextPath) {
            try apply(try entry("users", userName, "user"), at: "users[\(userName)].user", to: &configuration)
        }
        return configuration
    }

    private func server(_ cluster: JSONValue, at clusterPath: String) throws(KubeError) -> String {
        var server = try required(cluster, "server", in: clusterPath)
        guard server.hasPrefix("https://") || server.hasPrefix("http://") else {
            throw failure("\(clusterPath).server is '\(server)': it has to begin with https://")
        }
        // Errors name the server, and a password in its URL would be in them.
        guard !server.contains("@") else {
            throw failure("\(clusterPath).server holds a user name: put it into the user's username and password")
        }
        while server.hasSuffix("/") { server.removeLast() }
        return server
    }

    private func apply(
        _ user: JSONValue,
        at userPath: String,
        to configuration: inout ClientConfiguration
    ) throws(KubeError) {
        try refuse(["exec", "auth-provider", "as", "as-uid", "as-groups", "as-user-extra"], in: user, at: userPath)
        let certificate = try bytes(user, "client-certificate", at: userPath)
        let key = try bytes(user, "client-key", at: userPath)
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            configuration.clientCertificate = .init(certificate: certificate, key: key)
        case (_?, nil): throw failure("\(userPath) has a client-certificate but no client-key")
        case (nil, _?): throw failure("\(userPath) has a client-key but no client-certificate")
        }
        if let token = try string(user, "token", in: userPath) {
            configuration.credentials = .token(token)
        } else if let file = try string(user, "tokenFile", in: userPath) {
            configuration.credentials = .tokenFile(resolved(file))
        } else if let username = try string(user, "username", in: userPath) {
            let password = try string(user, "password", in: userPath) ?? ""
            configuration.credentials = .basic(username: username, password: password)
        }
    }

    /// The named entry of a list such as `contexts`, which holds its content under the singular word.
    private func entry(_ list: String, _ name: String, _ content: String) throws(KubeError) -> JSONValue {
        let entries = root[list]?.arrayValue ?? []
        guard let entry = entries.first(where: { $0["name"]?.stringValue == name }) else {
            let known = entries.compactMap { $0["name"]?.stringValue }.joined(separator: ", ")
            throw failure("\(list) has no entry '\(name)'; it has: \(known.isEmpty ? "none" : known)")
        }
        return entry[content] ?? .null
    }

    private func required(_ object: JSONValue, _ field: String, in path: String) throws(KubeError) -> String {
        guard let value = try string(object, field, in: path) else {
            throw failure("\(path).\(field) is missing")
        }
        return value
    }

    /// The text of a field, or nil if it is absent or empty.
    ///
    /// Anything but a text is refused: a token of digits without quotes is a number in YAML, and passing over it
    /// would make the client anonymous without a word.
    private func string(_ object: JSONValue, _ field: String, in path: String = "") throws(KubeError) -> String? {
        switch object[field] {
        case nil, .null?: return nil
        case .string(let text)?: return text.isEmpty ? nil : text
        default: throw failure("\(path.isEmpty ? field : "\(path).\(field)") has to be a string: put it in quotes")
        }
    }

    private func bool(_ object: JSONValue, _ field: String, in path: String) throws(KubeError) -> Bool {
        switch object[field] {
        case nil, .null?: return false
        case .bool(let value)?: return value
        default: throw failure("\(path).\(field) has to be true or false, without quotes")
        }
    }

    private func refuse(_ fields: [String], in object: JSONValue, at path: String) throws(KubeError) {
        for field in fields where object[field] != nil && object[field] != .null {
            throw failure("\(path).\(field) is not supported by this client")
        }
    }

    /// The content of `<field>-data` (Base64) or of the file that `<field>` names.
    ///
    /// The data wins, as in kubectl.
    private func bytes(_ object: JSONValue, _ field: String, at path: String) throws(KubeError) -> [UInt8]? {
        if let text = try string(object, "\(field)-data", in: path) {
            guard let bytes = Base64.decode(text) else { throw failure("\(path).\(field)-data is not Base64") }
            return bytes
        }
        guard let file = try string(object, field, in: path) else { return nil }
        return try File.read(resolved(file), for: "\(path).\(field) in \(self.path)")
    }

    /// File names in a kubeconfig count from the directory of the kubeconfig.
    private func resolved(_ file: String) -> String {
        guard !file.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return file }
        return "\(path[..<slash])/\(file)"
    }

    private func failure(_ message: String) -> KubeError {
        KubeError(code: .configuration, message: "\(path): \(message)")
    }
}
