// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("Peers that are there and do nothing", .timeLimit(.minutes(5)))
struct DeadPeerTests {
    private func client(
        _ url: String,
        _ change: (inout ClientConfiguration) -> Void
    ) throws -> KubernetesClient {
        var configuration = ClientConfiguration(server: url)
        configuration.transport = .withoutRetries
        change(&configuration)
        return try KubernetesClient(configuration: configuration)
    }

    @Test(
        "given a peer that never answers the TLS handshake, when the time for connecting is over, then it fails with connection"
    )
    func connectTimeout() async throws {
        let server = try ScriptedHTTPServer(isDeaf: true) { _ in [] }
        defer { server.stop() }
        let client = try client("https://127.0.0.1:\(server.port)") { $0.connectTimeout = .milliseconds(200) }
        let error = try await failure { () async throws(KubeError) in try await client.get(path: "/x") }
        #expect(error.code == .connection)
        #expect(error.message == "no connection to https://127.0.0.1:\(server.port) within 0.2 seconds")
        let watch = try await failure { () async throws(KubeError) in try await client.resources(Lease.self).watch() }
        #expect(watch.code == .connection)
    }

    @Test("given a request whose own time is shorter than connecting takes, then it fails with deadlineExceeded")
    func requestTimeoutWhileConnecting() async throws {
        let server = try ScriptedHTTPServer(isDeaf: true) { _ in [] }
        defer { server.stop() }
        let client = try client("https://127.0.0.1:\(server.port)") { _ in }
        var request = Request(method: .post, path: "/x")
        request.body = [1]
        request.timeout = .milliseconds(200)
        let error = try await failure { [request] () async throws(KubeError) in try await client.sendRaw(request) }
        #expect(error.code == .deadlineExceeded)
        #expect(!error.isOutcomeUnknown)
    }

    @Test("given a peer that stops reading, when what was sent stays unread, then the connection counts as broken")
    func deafPeer() async throws {
        let server = try ScriptedHTTPServer(isDeaf: true) { _ in [] }
        defer { server.stop() }
        let client = try client(server.url) { $0.transport.acknowledgementTimeout = .seconds(1) }
        var request = Request(method: .post, path: "/x")
        // More than the buffers of both ends take.
        request.body = [UInt8](repeating: 0, count: 64 << 20)
        request.timeout = .seconds(50)
        let error = try await failure { [request] () async throws(KubeError) in try await client.sendRaw(request) }
        #expect(error.code == .connection)
        #expect(error.isOutcomeUnknown)
    }

    @Test("given an answer that never comes, when the request's time is over, then it fails with deadlineExceeded")
    func silentPeer() async throws {
        let server = try ScriptedHTTPServer(isDeaf: true) { _ in [] }
        defer { server.stop() }
        let client = try client(server.url) { _ in }
        var request = Request(method: .get, path: "/x")
        request.timeout = .milliseconds(200)
        let error = try await failure { [request] () async throws(KubeError) in try await client.sendRaw(request) }
        #expect(error.code == .deadlineExceeded)
    }
}
