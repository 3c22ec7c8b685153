// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("Limits and threads of a client", .timeLimit(.minutes(5)))
struct TransportLimitTests {
    /// 256 KiB of zeros in 289 bytes.
    private static let bomb: [UInt8] =
        [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1, 0, 0, 0, 194, 160, 245, 79, 237, 109, 7, 160]
        + [UInt8](repeating: 0, count: 254) + [222, 0, 34, 234, 14, 226, 0, 0, 4, 0]

    @Test("given a compressed answer, when it would become larger than allowed, then the call fails with tooLarge")
    func decompressionBomb() async throws {
        var transport = TransportConfiguration.withoutRetries
        transport.maximumAnswerBytes = 64 << 10
        let script = Script { _ in
            [
                .send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(Self.bomb.count)\r\n\r\n"),
                .sendRepeatedly(Self.bomb, times: 1),
            ]
        }
        try await withServer(transport: transport, answering: script) { _, client in
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/x") }
            #expect(error.code == .tooLarge)
            #expect(error.message.contains("larger than the 65536 bytes"))
        }
        transport.maximumAnswerBytes = 256 << 10
        try await withServer(transport: transport, answering: script) { _, client in
            let answer = try await client.get(path: "/x")
            #expect(answer == [UInt8](repeating: 0, count: 256 << 10))
        }
    }

    @Test("given a client, when it only calls, then it has one thread, and with watches two, however many")
    func threads() async throws {
        try await withServer(
            answering: Script { request in
                request.target == "/x"
                    ? ScriptedHTTPServer.answer(200, "{}") : [.send("HTTP/1.1 200 OK\r\n\r\n"), .hold]
            }
        ) { _, client in
            _ = try await client.get(path: "/x")
            #expect(client.loops.count == 1)
            var streams: [WatchStream<Lease>] = []
            for _ in 0..<5 { streams.append(try await client.resources(Lease.self).watch()) }
            #expect(client.loops.count == 2)
            #expect(client.limited(by: nil).loops === client.loops)
            #expect(streams.count == 5)
        }
    }

    @Test("given a watch that is flooded, when calls are made meanwhile, then they are answered")
    func floodedWatch() async throws {
        let line = Array(#"{"type":"ADDED","object":{"metadata":{"name":"a"}}}"#.utf8 + [10])
        try await withServer(
            answering: Script { request in
                request.target == "/x"
                    ? ScriptedHTTPServer.answer(200, "{}")
                    : [.send("HTTP/1.1 200 OK\r\n\r\n"), .sendRepeatedly(line, times: 10_000_000)]
            }
        ) { _, client in
            let stream = try await client.resources(Lease.self).watch()
            for _ in 0..<20 { _ = try await client.get(path: "/x") }
            var iterator = stream.makeAsyncIterator()
            let error = try await failure { () async throws(KubeError) in
                while try await iterator.next() != nil {}
            }
            #expect(error.code == .watchOverflow)
        }
    }

    @Test("given a user name in the server's URL, when a call fails, then it is not in the error")
    func serverWithPassword() async throws {
        let server = try ScriptedHTTPServer { _ in [.reset] }
        defer { server.stop() }
        var configuration = ClientConfiguration(server: "http://ann:s3cr3t@127.0.0.1:\(server.port)")
        configuration.transport = .withoutRetries
        let client = try KubernetesClient(configuration: configuration)
        let error = try await failure { () async throws(KubeError) in try await client.get(path: "/x?token=t0k3n") }
        #expect(error.message.contains(server.url))
        #expect(!"\(error)".contains("s3cr3t"))
        #expect(!"\(error)".contains("t0k3n"))
    }
}
