// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

#if canImport(Glibc)
import Glibc
#endif

@Suite("Threads of the network that hang", .timeLimit(.minutes(5)))
struct NetworkDelayTests {
    /// Keeps the network thread from going on when the answer begins, until it is let go.
    private final class HangingSink: ResponseSink {
        private let pipe: (reading: Int32, writing: Int32)

        init() {
            var ends: [Int32] = [0, 0]
            precondition(Glibc.pipe(&ends) == 0)
            pipe = (ends[0], ends[1])
        }

        deinit {
            close(pipe.reading)
            close(pipe.writing)
        }

        func letGo() { write(pipe.writing, "x", 1) }

        func receive(_ head: ResponseHead) {
            var byte: UInt8 = 0
            read(pipe.reading, &byte, 1)
        }

        func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> KubeError? { nil }
        func complete(_ outcome: Result<Void, KubeError>) {}
    }

    /// Looks until what it sees is as wanted.
    private func look(at client: KubernetesClient, until isWanted: (Duration) -> Bool) async {
        while !isWanted(client.networkDelay()) { await Task.yield() }
    }

    @Test("given a thread that hangs, then its delay grows, whichever of the two it is; once it goes on there is none")
    func hanging() async throws {
        let answer = Script { _ in ScriptedHTTPServer.answer(200, "{}") }
        try await withServer(answering: answer) { _, client in
            for loop in [client.loops.calls, try client.loops.streams()] {
                _ = client.networkDelay()
                await look(at: client) { $0 == .zero }
                let sink = HangingSink()
                let request = Request(method: .get, path: "/")
                loop.post(.start(Transfer(request: request, configuration: client.configuration, sink: sink)))
                await look(at: client) { $0 > .milliseconds(100) }
                sink.letGo()
                await look(at: client) { $0 == .zero }
            }
        }
    }

    @Test("given a server that does not answer, then no thread hangs")
    func deafServer() async throws {
        let server = try ScriptedHTTPServer(isDeaf: true) { _ in [] }
        defer { server.stop() }
        let client = try KubernetesClient(configuration: ClientConfiguration(server: server.url))
        let call = Task { try await client.get(path: "/") }
        let watch = Task { try await client.resources(Lease.self).watch() }
        await look(at: client) { _ in client.loops.count == 2 }
        // Of two looks after one another the second tells whether the thread has come since the first.
        for _ in 0..<3 {
            _ = client.networkDelay()
            await look(at: client) { $0 == .zero }
        }
        call.cancel()
        watch.cancel()
        _ = await (call.result, watch.result)
    }
}
