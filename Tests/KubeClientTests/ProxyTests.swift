// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@testable import KubeClient

@Suite("Proxies on a socket", .timeLimit(.minutes(5)))
struct ProxyTests {
    /// A configuration for a server whose name exists only for the proxy.
    private func configuration(_ cluster: TestCluster, proxy: Proxy) -> ClientConfiguration {
        var configuration = cluster.client.configuration
        configuration.server = "https://api.test.invalid:6443"
        configuration.tlsServerName = "kubernetes"
        configuration.proxy = proxy
        return configuration
    }

    private func start(_ kind: ForwardingProxy.Kind, _ cluster: TestCluster) throws -> ForwardingProxy {
        let server = ServerAddress(cluster.client.configuration.server)
        return try ForwardingProxy(kind, to: (server.host, try #require(server.port)))
    }

    @Test("given an HTTP proxy with a password, when a call is made, then it asks for the real host by CONNECT")
    func http() async throws {
        let cluster = try await TestCluster.shared()
        let proxy = try start(.http, cluster)
        defer { proxy.stop() }
        let url = "http://ann:p%40ss@127.0.0.1:\(proxy.port)"
        let client = try KubernetesClient(configuration: configuration(cluster, proxy: .url(url)))
        #expect(try await client.get(path: "/version").isEmpty == false)
        let authorization = "Basic " + Data("ann:p@ss".utf8).base64EncodedString()
        #expect(proxy.requests.first == .init(target: "api.test.invalid:6443", authorization: authorization))
    }

    @Test(
        "given a SOCKS5 proxy, when a call is made, then the proxy resolves the name",
        arguments: ["socks5", "socks5h"]
    )
    func socks(scheme: String) async throws {
        let cluster = try await TestCluster.shared()
        let proxy = try start(.socks5, cluster)
        defer { proxy.stop() }
        let url = "\(scheme)://ann:secret@127.0.0.1:\(proxy.port)"
        let client = try KubernetesClient(configuration: configuration(cluster, proxy: .url(url)))
        #expect(try await client.get(path: "/version").isEmpty == false)
        #expect(proxy.requests.first == .init(target: "api.test.invalid:6443", authorization: "ann:secret"))
    }

    @Test("given a server without TLS, when a call is made through a proxy, then the proxy gets the whole URL")
    func plain() async throws {
        let proxy = try ScriptedHTTPServer { ScriptedHTTPServer.answer(200, $0.target) }
        defer { proxy.stop() }
        var configuration = ClientConfiguration(server: "http://api.test.invalid")
        configuration.proxy = .url(proxy.url)
        let answer = try await KubernetesClient(configuration: configuration).get(path: "/version")
        #expect(String(decoding: answer, as: UTF8.self) == "http://api.test.invalid/version")
    }

    @Test("given a proxy that refuses, or that is not there, when a call is made, then the error holds no password")
    func refused() async throws {
        let proxy = try ScriptedHTTPServer { _ in ScriptedHTTPServer.answer(407, "canary") }
        defer { proxy.stop() }
        for address in [
            "http://ann:canary@127.0.0.1:\(proxy.port)", "http://ann:canary@127.0.0.1:1",
            "socks5://ann:canary@127.0.0.1:1",
        ] {
            var configuration = ClientConfiguration(server: "https://api.test.invalid")
            configuration.proxy = .url(address)
            let client = try KubernetesClient(configuration: configuration)
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/version") }
            #expect(error.code == .connection)
            #expect(!"\(error)".contains("canary"), "\(error)")
        }
    }
}
