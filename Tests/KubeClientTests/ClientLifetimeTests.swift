// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("The life of a client", .timeLimit(.minutes(5)))
struct ClientLifetimeTests {
    @Test("given watches on their way, when the client is let go of, then they end with cancelled")
    func released() async throws {
        let server = try ScriptedHTTPServer { _ in [.send("HTTP/1.1 200 OK\r\n\r\n"), .hold] }
        defer { server.stop() }
        var client: KubernetesClient? = try KubernetesClient(configuration: ClientConfiguration(server: server.url))
        let first = try #require(try await client?.resources(Lease.self).watch())
        let second = try #require(try await client?.resources(Lease.self, namespace: "other").watch())
        client = nil
        for stream in [first, second] {
            let (events, end) = await stream.collect()
            #expect(events.isEmpty)
            #expect(end?.code == .cancelled)
        }
    }

    @Test("given a call on its way, when nobody else holds the client, then the call is still answered")
    func heldByItsCall() async throws {
        let server = try ScriptedHTTPServer { _ in ScriptedHTTPServer.answer(200, "yes") }
        defer { server.stop() }
        let answer = try await KubernetesClient(configuration: ClientConfiguration(server: server.url)).get(path: "/")
        #expect(String(decoding: answer, as: UTF8.self) == "yes")
    }

    @Test("given 300 clients one after the other, when each is let go of, then neither threads nor files stay behind")
    func leaks() async throws {
        let server = try ScriptedHTTPServer { _ in ScriptedHTTPServer.answer(200, "{}") }
        defer { server.stop() }
        func open() throws -> [Int] {
            try ["task", "fd"].map { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\($0)").count }
        }
        let before = try open()
        for index in 0..<300 {
            let client = try KubernetesClient(configuration: ClientConfiguration(server: server.url))
            if index % 10 == 0 { _ = try await client.get(path: "/") }
        }
        // A thread ends a moment after its client. Other tests come and go meanwhile, so the bound is a loose one.
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(120)
        var after = try open()
        while zip(before, after).contains(where: { $1 > $0 + 150 }), clock.now < deadline {
            await Task.yield()
            after = try open()
        }
        for (before, after) in zip(before, after) { #expect(after <= before + 150) }
    }
}
