// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Testing

@testable import KubeClient

@Suite("Kubeconfig files")
struct KubeconfigTests {
    private static func text(
        cluster: String = "server: https://host:6443",
        user: String = "token: secret-token",
        context: String = "cluster: c, user: u"
    ) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: main
        clusters:
        - name: c
          cluster: {\(cluster)}
        users:
        - name: u
          user: {\(user)}
        contexts:
        - name: main
          context: {\(context)}
        - name: broken
          context: {cluster: nowhere, user: u}
        - name: anonymous
          context: {cluster: c}
        """
    }

    private func load(_ text: String, context: String? = nil) throws -> ClientConfiguration {
        let files = try TemporaryFiles()
        return try ClientConfiguration.load(kubeconfig: try files.write("config", text), context: context)
    }

    private func refusal(_ text: String, context: String? = nil) throws -> KubeError {
        try #require(throws: KubeError.self) { try load(text, context: context) }
    }

    @Test("given a context with a token, when it is loaded, then server, namespace and token are there")
    func token() throws {
        let configuration = try load(
            Self.text(cluster: "server: https://host:6443//", context: "cluster: c, user: u, namespace: shop")
        )
        #expect(configuration.server == "https://host:6443")
        #expect(configuration.namespace == "shop")
        #expect(configuration.certificateAuthority == nil)
        #expect(!configuration.skipsTLSVerification)
        #expect(configuration.clientCertificate == nil)
        guard case .token("secret-token") = configuration.credentials else {
            Issue.record("the credentials are \(configuration.credentials)")
            return
        }
        #expect(try load(Self.text()).namespace == "default")
    }

    @Test("given certificates as data, when they are loaded, then line breaks in the Base64 do not matter")
    func certificatesAsData() throws {
        let certificate = Data("CERTIFICATE\n".utf8).base64EncodedString()
        let key = Data("KEY\n".utf8).base64EncodedString()
        let configuration = try load(
            Self.text(
                cluster:
                    "server: https://h, certificate-authority-data: \"\(certificate.prefix(8))\\n  \(certificate.dropFirst(8))\"",
                user: "client-certificate-data: \(certificate), client-key-data: \(key)"
            )
        )
        #expect(configuration.certificateAuthority == .data(Array("CERTIFICATE\n".utf8)))
        #expect(configuration.clientCertificate?.certificate == .data(Array("CERTIFICATE\n".utf8)))
        #expect(configuration.clientCertificate?.key == .data(Array("KEY\n".utf8)))
        guard case .none = configuration.credentials else {
            Issue.record("the credentials are \(configuration.credentials)")
            return
        }
    }

    @Test("given certificates in files, when their names are relative, then they count from the kubeconfig")
    func certificatesInFiles() throws {
        let files = try TemporaryFiles()
        try FileManager.default.createDirectory(atPath: "\(files.path)/pki", withIntermediateDirectories: true)
        try files.write("pki/ca.crt", "authority")
        try files.write("client.crt", "certificate")
        let absolute = try files.write("client.key", "key")
        let path = try files.write(
            "config",
            Self.text(
                cluster: "server: https://h, certificate-authority: pki/ca.crt",
                user: "client-certificate: ./client.crt, client-key: \(absolute)"
            )
        )
        let configuration = try ClientConfiguration.load(kubeconfig: path)
        #expect(configuration.certificateAuthority == .file("\(files.path)/pki/ca.crt"))
        #expect(configuration.clientCertificate?.certificate == .file("\(files.path)/./client.crt"))
        #expect(configuration.clientCertificate?.key == .file(absolute))
    }

    @Test("given both data and a file, when it is loaded, then the data wins as in kubectl")
    func dataWins() throws {
        let data = Data("from data".utf8).base64EncodedString()
        let configuration = try load(
            Self.text(
                cluster: "server: https://h, certificate-authority: missing.crt, certificate-authority-data: \(data)"
            )
        )
        #expect(configuration.certificateAuthority == .data(Array("from data".utf8)))
    }

    @Test("given a token file or a password, when it is loaded, then the credentials are of that sort")
    func otherCredentials() throws {
        let files = try TemporaryFiles()
        let path = try files.write("config", Self.text(user: "tokenFile: sub/token"))
        guard case .tokenFile(let file) = try ClientConfiguration.load(kubeconfig: path).credentials else {
            Issue.record("it is not a token file")
            return
        }
        #expect(file == "\(files.path)/sub/token")
        guard
            case .basic("ann", "pass word") = try load(Self.text(user: "username: ann, password: pass word"))
                .credentials
        else {
            Issue.record("it is not a password")
            return
        }
    }

    @Test("given several contexts, when one is named, then it is used instead of the current one")
    func namedContext() throws {
        let configuration = try load(Self.text(user: "exec: {command: x}"), context: "anonymous")
        guard case .none = configuration.credentials else {
            Issue.record("the credentials are \(configuration.credentials)")
            return
        }
    }

    @Test("given an unknown context, when it is asked for, then the message names it and the known ones")
    func unknownContext() throws {
        let error = try refusal(Self.text(), context: "prod")
        #expect(error.code == .configuration)
        #expect(error.message.contains("contexts has no entry 'prod'; it has: main, broken, anonymous"))
        let none = try refusal("current-context: x\nkind: Config\n")
        #expect(none.message.contains("contexts has no entry 'x'; it has: none"))
    }

    @Test("given several files in KUBECONFIG, when they are loaded, then the first that has an entry wins it whole")
    func merged() throws {
        let files = try TemporaryFiles()
        let first = try files.write(
            "first",
            "clusters: [{name: c, cluster: {server: 'https://first'}}]\nusers: [{name: v, user: {tokenFile: t}}]\n"
        )
        let second = try files.write("second", Self.text(context: "cluster: c, user: v, namespace: n"))
        let environment = ["KUBECONFIG": "\(files.path)/none::\(first):\(second)"]
        let configuration = try ClientConfiguration.load(kubeconfig: nil, context: nil, environment: environment)
        #expect(configuration.server == "https://first")
        #expect(configuration.namespace == "n")
        #expect("\(configuration.credentials)" == "token in \(files.path)/t")
        let nothing = try #require(throws: KubeError.self) {
            try ClientConfiguration.load(kubeconfig: nil, context: nil, environment: ["KUBECONFIG": "/none:/nor"])
        }
        #expect(nothing.message == "KUBECONFIG names /none:/nor, and no such file exists")
    }

    @Test("given impersonation, when it is loaded, then the headers say so, and no value begins another header")
    func impersonation() throws {
        let user = "token: t, as: ann, as-uid: '7', as-groups: [a, b], as-user-extra: {'acme.io/x': [y]}"
        let impersonation = try #require(try load(Self.text(user: user)).impersonation)
        #expect(
            try impersonation.headers() == [
                "Impersonate-User: ann", "Impersonate-Uid: 7", "Impersonate-Group: a", "Impersonate-Group: b",
                "Impersonate-Extra-acme.io%2Fx: y",
            ]
        )
        #expect(throws: KubeError.self) { try Impersonation(user: "a\nImpersonate-Group: system:masters").headers() }
    }

    @Test(
        "given proxy variables, when a server is reached, then kubectl's rules choose the proxy",
        arguments: [
            ("https://api.shop.io:6443", "", "http://p:3128"), ("http://api.shop.io", "", "http://plain"),
            ("https://127.0.0.1:6443", "", ""), ("https://[::1]:6443", "", ""), ("https://localhost", "", ""),
            ("https://api.shop.io", "shop.io", ""), ("https://shop.io", ".shop.io", "http://p:3128"),
            ("https://api.shop.io", " .shop.io , x", ""), ("https://notshop.io", "shop.io", "http://p:3128"),
            ("https://10.1.2.3:6443", "10.0.0.0/8", ""), ("https://11.1.2.3", "10.0.0.0/8", "http://p:3128"),
            ("https://shop.io:6443", "shop.io:443", "http://p:3128"), ("https://shop.io", "shop.io:443", ""),
            ("https://x", "*", ""), ("https://[fd00::1]:6443", "fd00::/8", ""),
        ]
    )
    func environmentProxy(server: String, excluded: String, expected: String) {
        let environment = ["HTTPS_PROXY": "p:3128", "http_proxy": "http://plain", "no_proxy": excluded]
        #expect(Proxy.environment.url(forServer: server, environment: environment) == expected)
        #expect(Proxy.none.url(forServer: server, environment: environment) == "")
        #expect(Proxy.url("socks5://s:1").url(forServer: server, environment: environment) == "socks5h://s:1")
    }

    @Test("given a proxy with a password, when it is printed, then the password is not there")
    func proxySecret() throws {
        let configuration = try load(Self.text(cluster: "server: https://h, proxy-url: 'http://ann:canary@p:1'"))
        #expect(configuration.proxy == .url("http://ann:canary@p:1"))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("canary"))
        #expect("\(configuration.proxy)" == "http://…@p:1")
    }

    @Test("given a path with a colon, when it is named explicitly, then it is one file")
    func colonInPath() throws {
        let files = try TemporaryFiles()
        let path = try files.write("a:b", Self.text())
        #expect(try ClientConfiguration.load(kubeconfig: path).server == "https://host:6443")
    }

    @Test(
        "given a kubeconfig that lacks or contradicts something, when it is loaded, then the message says what and where",
        arguments: [
            (text(context: "user: u"), "contexts[main].context.cluster is missing"),
            (text(context: "cluster: other, user: u"), "clusters has no entry 'other'; it has: c"),
            (text(context: "cluster: c, user: other"), "users has no entry 'other'; it has: u"),
            (text(cluster: "extensions: []"), "line 6: clusters[c].cluster.server is missing"),
            (text(cluster: "server: ''"), "clusters[c].cluster.server is missing"),
            (text(cluster: "server: 'host:6443'"), "has to begin with https://"),
            (text(cluster: "server: 'ftp://host'"), "has to begin with https://"),
            (
                text(cluster: "server: https://h, insecure-skip-tls-verify: true, certificate-authority-data: QQ=="),
                "sets both certificate-authority and insecure-skip-tls-verify"
            ),
            (text(user: "client-certificate-data: QQ=="), "has a client-certificate but no client-key"),
            (text(user: "client-key-data: QQ=="), "has a client-key but no client-certificate"),
            (text(user: "as-uid: u"), "line 9: users[u].user sets as-uid, as-groups or as-user-extra but not as"),
            (text(user: "token: t, username: u"), "has both a token and a username"),
            (text(user: "password: canary"), "has a password but no username"),
            (text(user: "username: 'a:b', password: canary"), "users[u].user.username holds a colon"),
            (text(user: "token: 'a canary'"), "users[u].user.token in "),
            (text(cluster: "server: https://h, tls-server-name: 'h:443'"), "tls-server-name has to be a host name"),
            (text(user: "token: *canary"), "line 9: an alias has no anchor before it"),
            (text(cluster: "server: 'ann:canary@host'"), "clusters[c].cluster.server has to begin with https://"),
            (text(cluster: "server: https://h, proxy-url: 'ftp://p'"), "line 6: clusters[c].cluster.proxy-url has to"),
            ("kind: Pod\n", "line 1: kind is 'Pod'"),
            (text(user: "client-key: missing.pem"), "No such file or directory"),
            (
                text(cluster: "server: https://h, certificate-authority: missing.crt"),
                "clusters[c].cluster.certificate-authority in "
            ),
            ("kind: Config\n", "current-context is not set"), ("current-context: ''\n", "current-context is not set"),
            ("", "is not a kubeconfig"), ("just text\n", "is not a kubeconfig"), ("- a\n", "is not a kubeconfig"),
            ("a: 1\n---\nb: 2\n", "2 documents"),
        ]
    )
    func incomplete(text: String, words: String) throws {
        let error = try refusal(text)
        #expect(error.code == .configuration)
        #expect(error.message.contains(words), "\(error.message)")
        #expect(error.message.contains("/config"))
        #expect(!"\(error)".contains("canary"))
    }

    @Test(
        "given a field that this client does not support, when its context is used, then it is refused by its path",
        arguments: [
            ("tls-server: x", "clusters[c].cluster.tls-server"),
            ("bearer-token: canary", "users[u].user.bearer-token"),
        ]
    )
    func unsupported(field: String, path: String) throws {
        let isOfCluster = path.hasPrefix("clusters")
        let text = Self.text(
            cluster: "server: https://h" + (isOfCluster ? ", \(field)" : ""),
            user: isOfCluster ? "token: t" : field
        )
        let error = try refusal(text)
        #expect(error.code == .configuration)
        #expect(
            error.message.hasSuffix(": line \(isOfCluster ? 6 : 9): \(path) is not supported by this client"),
            "\(error.message)"
        )
    }

    @Test(
        "given a field of another type, when it is loaded, then it is refused by its path and not passed over",
        arguments: [
            (text(user: "token: 12345"), "users[u].user.token has to be a string"),
            (text(user: "username: 5"), "users[u].user.username has to be a string"),
            (text(user: "username: a, password: 5"), "users[u].user.password has to be a string"),
            (text(user: "client-key-data: [a]"), "users[u].user.client-key-data has to be a string"),
            (text(context: "cluster: c, user: 7"), "contexts[main].context.user has to be a string"),
            (text(context: "cluster: c, namespace: 7"), "contexts[main].context.namespace has to be a string"),
            (text(cluster: "server: 1"), "clusters[c].cluster.server has to be a string"),
            (
                text(cluster: "server: https://h, insecure-skip-tls-verify: 'true'"),
                "clusters[c].cluster.insecure-skip-tls-verify has to be true or false"
            ),
            ("current-context: 5\n", "current-context has to be a string"),
        ]
    )
    func wrongTypes(text: String, words: String) throws {
        let error = try refusal(text)
        #expect(error.message.contains(words), "\(error.message)")
        #expect(!error.message.contains("12345"))
    }

    @Test(
        "given data that is not Base64, when it is loaded, then the field is named and the data is not",
        arguments: ["'-----BEGIN KEY-----'", "'QQ=Q'", "'Q'", "'%%%%'", "'hunter2!'"]
    )
    func badBase64(data: String) throws {
        let error = try refusal(Self.text(user: "client-certificate-data: QQ==, client-key-data: \(data)"))
        #expect(error.message.hasSuffix(": users[u].user.client-key-data is not Base64"), "\(error.message)")
    }

    @Test("given bad YAML, when it is loaded, then file and line are named")
    func badYAML() throws {
        let error = try refusal("apiVersion: v1\nclusters: [\nusers: }\n")
        #expect(error.code == .configuration)
        #expect(error.message.contains("/config: line 3: "), "\(error.message)")
        let twice = try refusal("apiVersion: v1\nusers: []\nusers: []\n")
        #expect(twice.message.contains("/config: line 3: the key 'users' is there twice"))
    }

    @Test("given a file that is missing or a directory, when it is loaded, then the system's words are in the message")
    func unreadable() throws {
        let files = try TemporaryFiles()
        let missing = try #require(throws: KubeError.self) {
            try ClientConfiguration.load(kubeconfig: "\(files.path)/none")
        }
        #expect(missing.code == .configuration)
        #expect(missing.message == "\(files.path)/none (the kubeconfig) cannot be read: No such file or directory")
        let directory = try #require(throws: KubeError.self) { try ClientConfiguration.load(kubeconfig: files.path) }
        #expect(directory.message == "\(files.path) (the kubeconfig) cannot be read: Is a directory")
        // Nothing that never ends is read to its end.
        let endless = try #require(throws: KubeError.self) { try ClientConfiguration.load(kubeconfig: "/dev/zero") }
        #expect(endless.message.contains("larger than 16 MiB"))
    }

    @Test("given credentials, when configuration or error are printed, then no secret is in the text")
    func secrets() throws {
        let secret = "c2VjcmV0LXNlY3JldA"
        let users = [
            "token: \(secret)", "username: ann, password: \(secret)",
            "client-certificate-data: \(secret)==, client-key-data: \(secret)==",
        ]
        for user in users {
            let configuration = try load(Self.text(user: user))
            var dumped = ""
            dump(configuration, to: &dumped)
            for text in ["\(configuration)", String(reflecting: configuration), dumped] {
                #expect(!text.contains(secret))
                #expect(!text.contains("secret-secret"))
                #expect(!text.contains("115, 101, 99"))
            }
        }
        let error = try refusal(Self.text(cluster: "server: 'https://ann:\(secret)@host'"))
        #expect(error.message.contains("clusters[c].cluster.server holds a user name"))
        #expect(!"\(error)".contains(secret))
    }
}
