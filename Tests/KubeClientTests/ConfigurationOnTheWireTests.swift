// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@testable import KubeClient

@Suite("What a configuration does", .timeLimit(.minutes(5)))
struct ConfigurationOnTheWireTests {
    @Test("given disable-compression, when a call is made, then no compressed answer is asked for")
    func compression() async throws {
        let server = try ScriptedHTTPServer { ScriptedHTTPServer.answer(200, $0.headers["accept-encoding"] ?? "none") }
        defer { server.stop() }
        var configuration = ClientConfiguration(server: server.url)
        for (isAllowed, expected) in [(true, "gzip"), (false, "none")] {
            configuration.allowsCompression = isAllowed
            let answer = try await KubernetesClient(configuration: configuration).get(path: "/")
            #expect(String(decoding: answer, as: UTF8.self) == expected)
        }
    }

    @Test("given a server that never answers the TLS handshake, when connectTimeout is over, then the call fails")
    func connectTimeout() async throws {
        let server = try ScriptedHTTPServer { _ in [.hold] }
        defer { server.stop() }
        var configuration = ClientConfiguration(server: "https://127.0.0.1:\(server.port)")
        configuration.connectTimeout = .milliseconds(200)
        let client = try KubernetesClient(configuration: configuration)
        let start = ContinuousClock.now
        let error = try await failure { () async throws(KubeError) in try await client.get(path: "/") }
        #expect([.connection, .deadlineExceeded].contains(error.code))
        // Ten seconds are the default.
        #expect(start.duration(to: .now) < .seconds(9))
    }

    @Test("given a pod's service account, when it is loaded, then server, authority, token and namespace are there")
    func inCluster() throws {
        let files = try TemporaryFiles()
        try files.write("ca.crt", "authority")
        try files.write("namespace", "shop\n")
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
        let missing = try #require(throws: KubeError.self) {
            try ClientConfiguration.inCluster(environment: environment, directory: files.path)
        }
        #expect(missing.message.contains("\(files.path)/token (the service account's token) cannot be read"))
        try files.write("token", "canary")
        let configuration = try ClientConfiguration.inCluster(environment: environment, directory: files.path)
        #expect(configuration.server == "https://[fd00::1]:443")
        #expect(configuration.namespace == "shop")
        #expect(configuration.certificateAuthority == .file("\(files.path)/ca.crt"))
        #expect("\(configuration.credentials)" == "token in \(files.path)/token")
        let outside = try #require(throws: KubeError.self) { try ClientConfiguration.inCluster(environment: [:]) }
        #expect(outside.message.hasPrefix("this process does not run in a pod"))
    }
}
