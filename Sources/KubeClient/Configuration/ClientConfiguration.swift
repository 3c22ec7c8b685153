// SPDX-License-Identifier: Apache-2.0
public import Tracing

/// How to reach an API server, and as whom.
public struct ClientConfiguration: Sendable {
    /// What proves who the client is.
    public enum Credentials: Sendable {
        /// Nothing: the server sees `system:anonymous`, or the certificate in ``ClientConfiguration/clientCertificate``.
        case none
        /// A bearer token.
        case token(String)
        /// A file that holds a bearer token. It is read anew for each request, because the kubelet replaces it.
        case tokenFile(String)
        /// Something that has a bearer token at hand. It is asked for each request, so that the token can be replaced.
        case tokenProvider(any BearerTokenProvider)
        /// A user name and password (basic authentication).
        case basic(username: String, password: String)
        /// A program that hands out a token, a certificate or both.
        case exec(ExecPlugin)
    }

    /// A certificate with its key, both in PEM form.
    public struct ClientCertificate: Sendable {
        /// The certificate, with the chain if there is one.
        public var certificate: PEMSource
        /// The private key.
        public var key: PEMSource

        /// Creates a pair.
        public init(certificate: PEMSource, key: PEMSource) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// The server's URL without a trailing slash, such as `https://10.0.0.1:6443`.
    public var server: String
    /// The namespace that a command without one means.
    public var namespace: String
    /// The authorities that may have signed the server's certificate, in PEM form; nil for the system's own.
    public var certificateAuthority: PEMSource?
    /// Whether any server certificate is accepted.
    ///
    /// Only for experiments: whoever is in between can read and change everything.
    public var skipsTLSVerification: Bool
    /// The name that the server's certificate has to be for, if that is not the host in ``server``.
    ///
    /// The server is told it (SNI), but it is not looked up: the connection goes to the host in ``server``.
    public var tlsServerName: String?
    /// The client's own certificate.
    public var clientCertificate: ClientCertificate?
    /// The bearer token or password.
    public var credentials: Credentials
    /// Whom the server should take the client for; nil for the client itself.
    public var impersonation: Impersonation?
    /// How requests leave this machine.
    public var proxy = Proxy.environment
    /// Whether the server may compress its answers.
    public var allowsCompression = true
    /// How long making a connection may take, with TLS.
    public var connectTimeout: Duration = .seconds(10)
    /// Retries, limits and times of the connections.
    public var transport = TransportConfiguration()
    /// Who is told of each request, to count it; nil for nobody.
    public var metrics: (any RequestMetrics)?
    /// Who records the calls that are made for something traced, and passes the trace on to the server; nil for nobody.
    public var tracer: (any Tracer)?
    /// What the client calls itself in the server's audit log.
    public var userAgent: String

    /// The program's name and this library's.
    public static var defaultUserAgent: String {
        let program = CommandLine.arguments.first?.split(separator: "/").last ?? "unknown"
        return program.filter { $0.isASCII && !$0.isWhitespace } + " KubeClient"
    }

    /// Creates a configuration.
    public init(
        server: String,
        namespace: String = "default",
        certificateAuthority: PEMSource? = nil,
        skipsTLSVerification: Bool = false,
        clientCertificate: ClientCertificate? = nil,
        credentials: Credentials = .none,
        userAgent: String = ClientConfiguration.defaultUserAgent
    ) {
        self.server = server
        self.namespace = namespace
        self.certificateAuthority = certificateAuthority
        self.skipsTLSVerification = skipsTLSVerification
        self.clientCertificate = clientCertificate
        self.credentials = credentials
        self.userAgent = userAgent
    }
}

extension ClientConfiguration {
    /// Finds the configuration as kubectl would: a given kubeconfig, else `KUBECONFIG`, else `~/.kube/config`, else
    /// the pod's service account.
    /// - Parameters:
    ///   - kubeconfig: a file that has to exist if it is named.
    ///   - context: the context to use instead of the file's current one.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``, which names the file and the field.
    public static func load(
        kubeconfig: String? = nil,
        context: String? = nil
    ) throws(KubeError) -> ClientConfiguration {
        try load(kubeconfig: kubeconfig, context: context, environment: ProcessEnvironment.values)
    }

    static func load(
        kubeconfig: String?,
        context: String?,
        environment: [String: String]
    ) throws(KubeError) -> ClientConfiguration {
        if let path = kubeconfig, !path.isEmpty {
            return try Kubeconfig(path: path).configuration(context: context)
        }
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            guard let merged = try Kubeconfig(list: list) else {
                throw KubeError(code: .configuration, message: "KUBECONFIG names \(list), and no such file exists")
            }
            return try merged.configuration(context: context)
        }
        if let home = environment["HOME"], File.exists("\(home)/.kube/config") {
            return try Kubeconfig(path: "\(home)/.kube/config").configuration(context: context)
        }
        if environment["KUBERNETES_SERVICE_HOST"] != nil, context == nil {
            return try inCluster(environment: environment)
        }
        throw KubeError(
            code: .configuration,
            message: "there is no cluster to talk to: name a kubeconfig (KUBECONFIG, or --kubeconfig where a "
                + "program has that option), or put one at ~/.kube/config"
        )
    }

    /// The configuration that Kubernetes gives to a pod through its service account.
    public static func inCluster() throws(KubeError) -> ClientConfiguration {
        try inCluster(environment: ProcessEnvironment.values)
    }

    static func inCluster(
        environment: [String: String],
        directory: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws(KubeError) -> ClientConfiguration {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"]
        else {
            throw KubeError(
                code: .configuration,
                message: "this process does not run in a pod: KUBERNETES_SERVICE_HOST and _PORT are not set"
            )
        }
        let authority = PEMSource.file("\(directory)/ca.crt")
        _ = try authority.read(for: "the cluster's certificate authority")
        _ = try File.read("\(directory)/token", for: "the service account's token")
        let namespace = try? File.read("\(directory)/namespace", for: "the pod's namespace")
        return ClientConfiguration(
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
            namespace: namespace.map { String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace } } ?? "default",
            certificateAuthority: authority,
            credentials: .tokenFile("\(directory)/token")
        )
    }
}

// Whoever prints a configuration must not print what it proves itself with.

extension ClientConfiguration.Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What sort of credentials these are.
    public var description: String {
        switch self {
        case .none: "none"
        case .token: "token"
        case .tokenFile(let path): "token in \(path)"
        case .tokenProvider: "token of a provider"
        case .basic(let username, _): "password of \(username)"
        case .exec(let plugin): "\(plugin)"
        }
    }
    /// What sort of credentials these are.
    public var debugDescription: String { description }
    /// No parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ClientConfiguration.ClientCertificate: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// That there is a certificate, and no more.
    public var description: String { "certificate (\(certificate)) with its key" }
    /// That there is a certificate, and no more.
    public var debugDescription: String { description }
    /// No parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
