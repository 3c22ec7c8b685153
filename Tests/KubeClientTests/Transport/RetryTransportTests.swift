// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeTesting
import Synchronization
import Testing

@testable import KubeClient

@Suite("Retries over a socket", .timeLimit(.minutes(5)))
struct RetryTransportTests {
    /// Answers with each script in turn, and with the last one from then on.
    private final class Sequence: Sendable {
        private let scripts: [[ScriptedHTTPServer.Step]]
        private let seen = Mutex<[ScriptedHTTPServer.Request]>([])

        init(_ scripts: [[ScriptedHTTPServer.Step]]) { self.scripts = scripts }

        var requests: [ScriptedHTTPServer.Request] { seen.withLock { $0 } }

        var script: Script {
            Script { [self] request in
                let index = seen.withLock { seen in
                    seen.append(request)
                    return seen.count - 1
                }
                return scripts[min(index, scripts.count - 1)]
            }
        }
    }

    private static let busy = ScriptedHTTPServer.answer(429, "{}", headers: ["Retry-After: 0"])
    private static let object = #"{"metadata":{"name":"a"}}"#

    @Test("given 429 with Retry-After, when an object is created, then it is sent again, whole, until it is accepted")
    func putOff() async throws {
        let sequence = Sequence([Self.busy, Self.busy, ScriptedHTTPServer.answer(201, Self.object)])
        try await withServer(transport: .withQuickRetries, answering: sequence.script) { _, client in
            let created = try await client.resources(Lease.self, namespace: "n")
                .create(Lease(metadata: ObjectMeta(name: "a")))
            #expect(created.metadata.name == "a")
        }
        #expect(sequence.requests.map(\.method) == ["POST", "POST", "POST"])
        #expect(Set(sequence.requests.map(\.body)).count == 1)
        #expect(sequence.requests[2].body.contains(#""name":"a""#))
    }

    @Test("given 429 for ever, when a call is made, then it fails with the server's answer after eleven tries")
    func putOffForEver() async throws {
        let sequence = Sequence([Self.busy])
        var transport = TransportConfiguration.withQuickRetries
        transport.retries.initialDelay = .microseconds(1)
        try await withServer(transport: transport, answering: sequence.script) { _, client in
            var request = Request(method: .get, path: "/x")
            request.timeout = .seconds(240)
            let error = try await failure { [request] () async throws(KubeError) in try await client.sendRaw(request) }
            #expect(error.code == .tooManyRequests)
        }
        #expect(sequence.requests.count == 11)
    }

    @Test("given a wait beyond the request's time, when it is asked for, then the call fails at once")
    func tooLongAWait() async throws {
        let later = ScriptedHTTPServer.answer(503, "{}", headers: ["Retry-After: 45"])
        let sequence = Sequence([later])
        try await withServer(transport: .withQuickRetries, answering: sequence.script) { _, client in
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/x") }
            #expect(error.code == .unavailable)
            #expect(error.retryAfter == .seconds(45))
        }
        #expect(sequence.requests.count == 1)
    }

    @Test(
        "given a connection that breaks, when a read is on it, then it is sent again",
        arguments: [
            [.reset], [], [.send("HTTP/1.1 200 OK\r\nContent-Le")],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\":")],
        ] as [[ScriptedHTTPServer.Step]]
    )
    func lostRead(steps: [ScriptedHTTPServer.Step]) async throws {
        let sequence = Sequence([steps, steps, ScriptedHTTPServer.answer(200, Self.object)])
        try await withServer(transport: .withQuickRetries, answering: sequence.script) { _, client in
            let lease = try await client.resources(Lease.self, namespace: "n").get("a")
            #expect(lease.metadata.name == "a")
        }
        #expect(sequence.requests.count == 3)
    }

    @Test("given connections that always break, when a read is sent, then it fails after four tries")
    func lostReads() async throws {
        let sequence = Sequence([[.reset]])
        try await withServer(transport: .withQuickRetries, answering: sequence.script) { _, client in
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/x") }
            #expect(error.code == .connection)
            #expect(error.message.hasSuffix("(try 4)"))
            #expect(!error.isOutcomeUnknown)
        }
        #expect(sequence.requests.count == 4)
    }

    @Test(
        "given a connection that breaks, when a write is on it, then it is sent once and the error says what that means",
        arguments: ["POST", "PUT", "PATCH", "DELETE"]
    )
    func lostWrite(method: String) async throws {
        let sequence = Sequence([[.reset]])
        try await withServer(transport: .withQuickRetries, answering: sequence.script) { _, client in
            let error = try await write(method, client)
            #expect(error.code == .connection)
            #expect(error.isOutcomeUnknown)
            #expect(error.message.contains("whether \(method) /apis/"))
        }
        #expect(sequence.requests.map(\.method) == [method])
    }

    @Test(
        "given a kept connection that the server closes under a write, when that was sent, then it is sent once",
        arguments: ["POST", "PUT", "PATCH", "DELETE"]
    )
    func lostWriteOnKeptConnection(method: String) async throws {
        // libcurl itself would send it again on a new connection.
        let first = ScriptedHTTPServer.answer(200, Self.object, isLast: false) + [.serveNext]
        let sequence = Sequence([first, [], ScriptedHTTPServer.answer(200, Self.object)])
        try await withServer(transport: .withQuickRetries, answering: sequence.script) { _, client in
            _ = try await client.get(path: "/first")
            let error = try await write(method, client)
            #expect(error.code == .connection)
            #expect(error.isOutcomeUnknown)
        }
        #expect(sequence.requests.map(\.method) == ["GET", method])
    }

    private func write(_ method: String, _ client: KubernetesClient) async throws -> KubeError {
        let leases = client.resources(Lease.self, namespace: "n")
        let lease = Lease(metadata: ObjectMeta(name: "a"))
        return switch method {
        case "POST": try await failure { () async throws(KubeError) in try await leases.create(lease) }
        case "PUT": try await failure { () async throws(KubeError) in try await leases.update(lease) }
        case "PATCH":
            try await failure { () async throws(KubeError) in try await leases.patch("a", .merge([:] as JSONValue)) }
        default: try await failure { () async throws(KubeError) in try await leases.delete("a") }
        }
    }

    @Test("given a write whose time runs out, when it had been sent, then its outcome is unknown")
    func lateWrite() async throws {
        try await withServer(answering: Script { _ in [.hold] }) { _, client in
            var request = Request(method: .post, path: "/x")
            request.body = [1]
            request.timeout = .milliseconds(200)
            let error = try await failure { [request] () async throws(KubeError) in try await client.sendRaw(request) }
            #expect(error.code == .deadlineExceeded)
            #expect(error.isOutcomeUnknown)
        }
    }

    @Test("given nobody who listens, when a write is made, then it fails once and has surely had no effect")
    func refusedWrite() async throws {
        let server = try ScriptedHTTPServer { _ in [] }
        let client = try KubernetesClient(configuration: ClientConfiguration(server: server.url))
        server.stop()
        let error = try await write("POST", client)
        #expect(error.code == .connection)
        #expect(!error.isOutcomeUnknown)
        #expect(!error.message.contains("(try"))
    }

    @Test("given 429 with Retry-After or a broken connection, when a watch is opened, then it fails at once")
    func watchIsNotRetried() async throws {
        for steps in [Self.busy, [.reset]] {
            let sequence = Sequence([steps])
            try await withServer(transport: .withQuickRetries, answering: sequence.script) { _, client in
                _ = try await failure { () async throws(KubeError) in try await client.resources(Lease.self).watch() }
            }
            #expect(sequence.requests.count == 1)
        }
    }

    @Test("given a wait before a retry, when the task is cancelled, then the call ends at once")
    func cancelledWait() async throws {
        let later = ScriptedHTTPServer.answer(429, "{}", headers: ["Retry-After: 20"])
        try await withServer(transport: TransportConfiguration(), answering: Script { _ in later }) { server, client in
            let task = Task { try await failure { () async throws(KubeError) in try await client.get(path: "/x") } }
            for await case .request in server.events { break }
            task.cancel()
            let outcome = try await task.value
            #expect(outcome.code == .cancelled)
        }
    }
}
