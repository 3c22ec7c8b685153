// SPDX-License-Identifier: Apache-2.0
import CCurl
import KubeTesting
import Testing

@testable import KubeClient

@Suite("tls-server-name", .timeLimit(.minutes(5)))
struct ServerNameTests {
    @Test(
        "given a server and another name, then the URL has the name and the connection goes to the server",
        arguments: [
            ("https://10.0.0.1:6443", "k8s", "https://k8s:6443", "k8s:6443:10.0.0.1:6443", "10.0.0.1:6443"),
            ("https://host", "k8s", "https://k8s:443", "k8s:443:host:443", "host"),
            ("https://[fd00::1]:1/k/a?b", "x.y", "https://x.y:1/k/a?b", "x.y:1:[fd00::1]:1", "[fd00::1]:1"),
            ("https://host", "fd00::2", "https://[fd00::2]:443", "[fd00::2]:443:host:443", "host"),
        ]
    )
    func translation(server: String, name: String, url: String, connectTo: String, host: String) throws {
        var configuration = ClientConfiguration(server: server)
        configuration.tlsServerName = name
        let result = try #require(ServerName(configuration))
        #expect(result.url == url)
        #expect(result.connectTo == connectTo)
        #expect(result.host == host)
        configuration.server = "http://host"
        #expect(ServerName(configuration) == nil)
    }

    @Test("given another name, when a request is made, then the header Host names the server and not the certificate")
    func hostHeader() throws {
        var configuration = ClientConfiguration(server: "https://10.0.0.1:6443")
        configuration.tlsServerName = "k8s"
        let lists = try CurlLists(Request(method: .get, path: "/"), configuration, .none)
        defer { lists.free() }
        var headers: [String] = []
        var entry = lists.headers
        while let header = entry {
            headers.append(String(cString: header.pointee.data))
            entry = header.pointee.next
        }
        #expect(headers.filter { $0.hasPrefix("Host:") } == ["Host: 10.0.0.1:6443"])
    }

    @Test(
        "given an address that is not in the certificate, when its name is given, then the connection is good",
        arguments: ["127.0.0.2", "::1"]
    )
    func otherAddress(host: String) async throws {
        let cluster = try await TestCluster.shared()
        let server = ServerAddress(cluster.client.configuration.server)
        let forwarder = try ForwardingProxy(.none, host: host, to: (server.host, try #require(server.port)))
        defer { forwarder.stop() }
        var configuration = cluster.client.configuration
        configuration.server = "https://\(host.contains(":") ? "[\(host)]" : host):\(forwarder.port)"

        let unnamed = try KubernetesClient(configuration: configuration)
        let error = try await failure { () async throws(KubeError) in try await unnamed.get(path: "/version") }
        #expect(error.code == .connection)
        configuration.tlsServerName = "kubernetes.default.svc"
        #expect(try await KubernetesClient(configuration: configuration).get(path: "/version").isEmpty == false)
        #expect(forwarder.requests.count >= 2)
        configuration.tlsServerName = "other.example"
        let misnamed = try KubernetesClient(configuration: configuration)
        let mismatch = try await failure { () async throws(KubeError) in try await misnamed.get(path: "/version") }
        #expect(mismatch.code == .connection)
        #expect(mismatch.message.contains(configuration.server))
        #expect(mismatch.connectionFailure == .tls)
        #expect(mismatch.message.contains("name"), "not only that something is wrong: \(mismatch.message)")
        configuration.tlsServerName = "kubernetes.default.svc"
        configuration.certificateAuthority = nil
        let distrustful = try KubernetesClient(configuration: configuration)
        let unknown = try await failure { () async throws(KubeError) in try await distrustful.get(path: "/version") }
        #expect(unknown.connectionFailure == .tls)
        #expect(unknown.message.contains("issuer") || unknown.message.contains("self"), "\(unknown.message)")
    }
}
