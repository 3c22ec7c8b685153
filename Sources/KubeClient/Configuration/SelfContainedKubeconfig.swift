// SPDX-License-Identifier: Apache-2.0

/// A kubeconfig from somewhere that must not decide what this process does, such as a Secret that somebody else fills.
///
/// It has to hold everything itself: what would run a program, read a file of this machine or trust any server is
/// refused by the name of its field.
public struct SelfContainedKubeconfig: Sendable {
    /// What it says, byte for byte.
    public let bytes: [UInt8]
    private let name: String

    /// Wraps the text of a kubeconfig.
    /// - Parameters:
    ///   - bytes: the text.
    ///   - name: what errors call it, such as the name of the Secret.
    public init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// Reads a file, which may be replaced now and then.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``, which names the file.
    public init(path: String) throws(KubeError) {
        self.init(try File.readRotating(path, for: "the kubeconfig"), name: path)
    }

    /// What the current context says.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``, which names the field and what to do about it.
    public func configuration() throws(KubeError) -> ClientConfiguration {
        let file = try KubeconfigField(bytes, path: name)
        try refuse(in: file, list: "clusters", part: "cluster", Self.clusterRefusals)
        try refuse(in: file, list: "users", part: "user", Self.userRefusals)
        let configuration = try Kubeconfig(file).configuration(context: nil)
        guard configuration.server.hasPrefix("https://") else {
            throw KubeError(
                code: .configuration,
                message: "\(name): the cluster's server has to begin with https://: what goes there is secret"
            )
        }
        return configuration
    }

    private static let clusterRefusals = [
        ("insecure-skip-tls-verify", "is refused: put the server's authority into certificate-authority-data"),
        ("certificate-authority", "names a file, which is refused: use certificate-authority-data"),
    ]
    private static let userRefusals = [
        ("exec", "would run a program, which is refused: use a token of a service account, or a client certificate"),
        ("auth-provider", "is refused: use a token of a service account, or a client certificate"),
        ("tokenFile", "names a file, which is refused: use token"),
        ("client-certificate", "names a file, which is refused: use client-certificate-data"),
        ("client-key", "names a file, which is refused: use client-key-data"),
    ]

    /// Also in entries that the current context does not use: the context may be changed without the rest.
    private func refuse(
        in file: KubeconfigField,
        list: String,
        part: String,
        _ refusals: [(field: String, words: String)]
    ) throws(KubeError) {
        for entry in try file.elements(list) {
            let title = try entry.string("name") ?? "?"
            let content = entry.child(part, name: "\(list)[\(title)].\(part)")
            for (field, words) in refusals where content[field] != nil {
                if field == "insecure-skip-tls-verify", try !content.bool(field) { continue }
                throw content.failure(field, words)
            }
        }
    }
}

// It holds credentials.
extension SelfContainedKubeconfig: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its name.
    public var description: String { name }
    /// Its name.
    public var debugDescription: String { name }
    /// No parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
