// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@testable import KubeClient

#if canImport(Glibc)
import Glibc
#endif

@Suite("Errors hold no secret", .timeLimit(.minutes(5)))
struct CanaryTests {
    private static let canary = "k4n4ry-in-a-c0al-mine"

    private func check(_ error: KubeError, _ words: String, _ location: SourceLocation = #_sourceLocation) {
        var dumped = ""
        dump(error, to: &dumped)
        let basic = Data("ann:\(Self.canary)".utf8).base64EncodedString()
        for text in ["\(error)", error.message, String(reflecting: error), dumped] {
            #expect(!text.contains(Self.canary), sourceLocation: location)
            #expect(!text.contains(basic), sourceLocation: location)
        }
        #expect(error.message.contains(words), "\(error.message)", sourceLocation: location)
    }

    @Test(
        "given a server that repeats what it was sent, when a call fails, then a placeholder stands in the error",
        arguments: [401, 403, 500]
    )
    func repeated(status: Int) async throws {
        let files = try TemporaryFiles()
        let file = try files.write("token", "\(Self.canary)\n")
        let script = try ExecPluginScript(ExecPluginScript.printing(status: #"{\"token\":\"\#(Self.canary)\"}"#))
        for credentials: ClientConfiguration.Credentials in [
            .token(Self.canary), .tokenFile(file), .basic(username: "ann", password: Self.canary), .exec(script.plugin),
        ] {
            let answers = Script { request in
                let sent = request.headers["authorization"] ?? ""
                let words = "not \(sent) nor \(Self.canary)"
                let body =
                    request.target == "/status"
                    ? #"{"kind":"Status","code":\#(status),"message":"\#(words)","reason":"X"}"# : words
                return ScriptedHTTPServer.answer(status, body)
            }
            try await withServer(credentials: credentials, answering: answers) { _, client in
                for path in ["/status", "/text"] {
                    check(
                        try await failure { () async throws(KubeError) in try await client.get(path: path) },
                        "nor [redacted]"
                    )
                    let request = Request(method: .get, path: path)
                    check(
                        try await failure { () async throws(KubeError) in
                            _ = try await client.stream(request, .watch)
                        },
                        "nor [redacted]"
                    )
                }
            }
        }
    }

    @Test("given a token file with something else in it, when a call is made, then the error names the file")
    func badTokenFile() async throws {
        let files = try TemporaryFiles()
        for (content, words) in [
            ("\(Self.canary) \(Self.canary)", "is no token"), ("\(Self.canary)\u{1}", "is no token"),
            ("a\nImpersonate-User: \(Self.canary)", "is no token"), (" \n", "is empty"),
        ] {
            let path = try files.write("token", content)
            let client = try KubernetesClient(
                configuration: ClientConfiguration(server: "https://127.0.0.1:1", credentials: .tokenFile(path))
            )
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/") }
            #expect(error.code == .configuration)
            check(error, "\(path) (the bearer token) \(words)")
        }
    }

    @Test("given PEM data that is none, when a call is made, then the error says which it is")
    func badPEM() async throws {
        let files = try TemporaryFiles()
        let path = try files.write("wrong.pem", Self.canary)
        let shell = "-----BEGIN CERTIFICATE-----\n\(Self.canary)\n-----END CERTIFICATE-----\n"
        var configuration = ClientConfiguration(server: "https://127.0.0.1:1")
        configuration.certificateAuthority = .file(path)
        let first = try KubernetesClient(configuration: configuration)
        check(
            try await failure { () async throws(KubeError) in try await first.get(path: "/") },
            "\(path) (the certificate authority) holds no PEM block that begins with -----BEGIN … CERTIFICATE-----"
        )
        configuration.certificateAuthority = nil
        configuration.clientCertificate = .init(certificate: .data(Array(shell.utf8)), key: .file(path))
        let second = try KubernetesClient(configuration: configuration)
        check(
            try await failure { () async throws(KubeError) in try await second.get(path: "/") },
            "\(path) (the client key) holds no PEM block that begins with -----BEGIN … PRIVATE KEY-----"
        )
    }

    @Test("given a file that is a pipe, when it would be read again and again, then it is refused at once")
    func pipe() async throws {
        let files = try TemporaryFiles()
        let path = "\(files.path)/token"
        try #require(mkfifo(path, 0o600) == 0)
        let client = try KubernetesClient(
            configuration: ClientConfiguration(server: "https://127.0.0.1:1", credentials: .tokenFile(path))
        )
        let error = try await failure { () async throws(KubeError) in try await client.get(path: "/") }
        #expect(error.message.hasSuffix("(the bearer token) is no regular file: it is read anew for each request"))
    }

    @Test(
        "given a kubeconfig that is wrong in a line with a secret, when it is loaded, then the line is named, not shown",
        arguments: [
            "token: \"\(canary)\n", "token: {\(canary)\n", "token: @\(canary)\n", "token: a: \(canary)\n",
            "token: *\(canary)\n", "token: &\(canary) *x\n", "token: [\(canary)]\n", "token: '\(canary) x'\n",
            "\ttoken: \(canary)\n", "token: %\(canary)\n", "token: |\(canary)\n",
        ]
    )
    func kubeconfig(line: String) throws {
        let files = try TemporaryFiles()
        let path = try files.write(
            "config",
            "current-context: m\ncontexts: [{name: m, context: {cluster: c, user: u}}]\n"
                + "clusters: [{name: c, cluster: {server: 'https://h'}}]\nusers:\n- name: u\n  user:\n    \(line)"
        )
        let error = try #require(throws: KubeError.self) { try ClientConfiguration.load(kubeconfig: path) }
        #expect(error.code == .configuration)
        check(error, path)
    }
}
