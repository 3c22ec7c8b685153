// SPDX-License-Identifier: Apache-2.0
public import JSON

extension ClusterAgent {
    /// How the operator reaches a cluster itself.
    public struct Target: Sendable, Hashable {
        /// Secret in the namespace ``AgentNames/namespace`` with a kubeconfig for the cluster.
        ///
        /// Required in mode Hosted; in mode Remote it lets the operator install the agent there itself.
        public var kubeconfigSecretRef: KubeconfigReference?

        /// Creates a target.
        public init(kubeconfigSecretRef: KubeconfigReference? = nil) {
            self.kubeconfigSecretRef = kubeconfigSecretRef
        }
    }

    /// Names the Secret that holds a kubeconfig.
    ///
    /// Kubeconfigs that run programs or name files are refused.
    public struct KubeconfigReference: Sendable, Hashable {
        /// ``key`` unless set: `kubeconfig`.
        public static let defaultKey = "kubeconfig"

        /// Name of the Secret.
        public var name: String
        /// Key in the Secret that holds the kubeconfig.
        public var key: String

        /// Creates a reference.
        public init(name: String, key: String = Self.defaultKey) {
            self.name = name
            self.key = key
        }
    }

    /// How a Remote agent reaches the operator's cluster.
    ///
    /// What is nil is taken from the operator's configuration.
    public struct Connection: Sendable, Hashable {
        /// URL of the API server as seen from the agent, beginning with `https://`.
        ///
        /// At most 2048 characters.
        public var server: String?
        /// Certificates (PEM, then base64) the agent trusts for that server.
        ///
        /// At most 24576 characters. Nil: the certificate authority of the operator's cluster.
        public var caBundle: String?
        /// Proxy the agent goes through, beginning with `http://`, `https://` or `socks5://`.
        ///
        /// No password belongs here.
        public var proxyURL: String?

        /// Creates a connection that leaves everything to the operator's configuration.
        public init(server: String? = nil, caBundle: String? = nil, proxyURL: String? = nil) {
            self.server = server
            self.caBundle = caBundle
            self.proxyURL = proxyURL
        }
    }
}

extension ClusterAgent.Target: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "kubeconfigSecretRef": try reader.read(into: &kubeconfigSecretRef)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("kubeconfigSecretRef", kubeconfigSecretRef)
        }
    }
}

extension ClusterAgent.KubeconfigReference: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(name: "")
        try reader.beginObject()
        while let field = try reader.nextKey() {
            switch field {
            case "name": try reader.read(into: &name)
            case "key": try reader.read(into: &key)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("key", key)
        }
    }
}

extension ClusterAgent.Connection: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "server": try reader.read(into: &server)
            case "caBundle": try reader.read(into: &caBundle)
            case "proxyURL": try reader.read(into: &proxyURL)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("server", server)
            writer.field("caBundle", caBundle)
            writer.field("proxyURL", proxyURL)
        }
    }
}
