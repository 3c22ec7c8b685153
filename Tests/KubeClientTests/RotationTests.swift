// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

#if canImport(Glibc)
import Glibc
#endif

@Suite("Credentials that are replaced on disk", .timeLimit(.minutes(5)))
struct RotationTests {
    /// The user that the server takes the client for: it names it when it refuses.
    private func user(_ client: KubernetesClient, _ namespace: String) async throws -> String {
        let error = try await failure { () async throws(KubeError) in
            try await client.resources(Pod.self, namespace: namespace).list()
        }
        #expect(error.code == .forbidden, "\(error)")
        return String(error.message.split(separator: "\"").dropFirst().first ?? "")
    }

    private func anonymous(_ cluster: TestCluster) -> ClientConfiguration {
        var configuration = cluster.client.configuration
        configuration.clientCertificate = nil
        return configuration
    }

    private func replace(_ path: String, by other: String) throws {
        guard rename(other, path) == 0 else { throw KubeError(code: .configuration, message: "rename") }
    }

    @Test("given a client certificate in files, when they are replaced, then the next request is another user's")
    func certificate() async throws {
        let cluster = try await TestCluster.shared()
        let files = try TemporaryFiles()
        try await cluster.issueCertificate(for: "first", as: "client", in: files.path)
        try await cluster.issueCertificate(for: "second", as: "next", in: files.path)
        var configuration = anonymous(cluster)
        configuration.clientCertificate = .init(
            certificate: .file("\(files.path)/client.crt"),
            key: .file("\(files.path)/client.key")
        )
        let client = try KubernetesClient(configuration: configuration)
        #expect(try await user(client, "default") == "first")
        #expect(try await user(client, "default") == "first")
        for ending in ["crt", "key"] {
            try replace("\(files.path)/client.\(ending)", by: "\(files.path)/next.\(ending)")
        }
        #expect(try await user(client, "default") == "second")
    }

    @Test("given an authority in a file, when it is replaced by a foreign one and back, then trust follows at once")
    func authority() async throws {
        let cluster = try await TestCluster.shared()
        let files = try TemporaryFiles()
        let own = try String(contentsOfFile: "\(cluster.certificates)/ca.crt", encoding: .utf8)
        try await cluster.makeForeignAuthority(at: "\(files.path)/foreign.crt")
        let foreign = try String(contentsOfFile: "\(files.path)/foreign.crt", encoding: .utf8)
        let path = try files.write("ca.crt", own)
        var configuration = cluster.client.configuration
        configuration.certificateAuthority = .file(path)
        let client = try KubernetesClient(configuration: configuration)
        _ = try await client.get(path: "/version")
        try files.write("ca.crt", foreign)
        let error = try await failure { () async throws(KubeError) in try await client.get(path: "/version") }
        #expect(error.code == .connection)
        try files.write("ca.crt", foreign + own)
        _ = try await client.get(path: "/version")
    }

    @Test("given a service account's token in a file, when it is replaced, then the next request is another account's")
    func token() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        var tokens: [String] = []
        for name in ["first", "second"] {
            try await cluster.kubectl("create", "serviceaccount", name, "-n", namespace)
            let request = DynamicObject(
                ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": [:]] as JSONValue
            )
            let resource = APIResource(
                group: "",
                version: "v1",
                kind: "TokenRequest",
                plural: "serviceaccounts/\(name)/token"
            )
            let answer = try await cluster.client.resources(DynamicObject.self, of: resource, namespace: namespace)
                .create(request)
            tokens.append(try #require(answer.value.value(at: "status", "token")?.stringValue))
        }
        let files = try TemporaryFiles()
        let path = try files.write("token", "\(tokens[0])\n")
        var configuration = anonymous(cluster)
        configuration.credentials = .tokenFile(path)
        let client = try KubernetesClient(configuration: configuration)
        #expect(try await user(client, namespace) == "system:serviceaccount:\(namespace):first")
        try files.write("token", tokens[1])
        #expect(try await user(client, namespace) == "system:serviceaccount:\(namespace):second")
        try files.write("token", "\(tokens[1].dropLast(8))AAAAAAAA")
        let error = try await failure { () async throws(KubeError) in try await client.get(path: "/version") }
        #expect(error.code == .unauthorized)
        #expect(!"\(error)".contains(tokens[1].suffix(100).dropLast(8)))
    }

    @Test("given a plugin that hands out certificates, when one has expired, then the next one is used")
    func pluginCertificate() async throws {
        let cluster = try await TestCluster.shared()
        let script = try ExecPluginScript(
            #"certificate=$(sed ':a;N;$!ba;s/\n/\\n/g' $dir/$runs.crt); key=$(sed ':a;N;$!ba;s/\n/\\n/g' $dir/$runs.key); "#
                + #"printf '%s' '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":"#
                + #"{"expirationTimestamp":"2020-01-01T00:00:00Z","clientCertificateData":"'"$certificate"'","#
                + #""clientKeyData":"'"$key"'"}}'"#
        )
        for run in 1...2 {
            try await cluster.issueCertificate(for: "plugin-\(run)", as: "\(run)", in: script.files.path)
        }
        var configuration = anonymous(cluster)
        configuration.credentials = .exec(script.plugin)
        let client = try KubernetesClient(configuration: configuration)
        #expect(try await user(client, "default") == "plugin-1")
        #expect(try await user(client, "default") == "plugin-2")
    }

    @Test("given a server's certificate that is known to nobody, when verification is skipped, then the call is made")
    func skipped() async throws {
        let cluster = try await TestCluster.shared()
        var configuration = cluster.client.configuration
        configuration.certificateAuthority = nil
        let strict = try KubernetesClient(configuration: configuration)
        let error = try await failure { () async throws(KubeError) in try await strict.get(path: "/version") }
        #expect(error.code == .connection)
        configuration.skipsTLSVerification = true
        _ = try await KubernetesClient(configuration: configuration).get(path: "/version")
    }
}
