// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("Logs that are followed", .timeLimit(.minutes(5)))
struct LogStreamTests {
    private func lines(_ stream: LogStream) async -> (lines: [String], end: KubeError?) {
        var lines: [String] = []
        var iterator = stream.makeAsyncIterator()
        do throws(KubeError) {
            while let line = try await iterator.next() { lines.append(line) }
            return (lines, nil)
        } catch {
            return (lines, error)
        }
    }

    @Test("given lines, empty ones and a last one without its end, when they are followed, then all come, then the end")
    func wholeLog() async throws {
        for pieces in [["a\n\nbé\nlast"], ["a", "\n", "\nb", "é\nla", "st"]] {
            try await withServer(answering: Script { _ in ScriptedHTTPServer.chunked(pieces) }) { _, client in
                let stream = try await client.resources(Pod.self, namespace: "n").followLogs("a")
                let (lines, end) = await lines(stream)
                #expect(lines == ["a", "", "bé", "last"])
                #expect(end == nil)
            }
        }
    }

    @Test("given a log that is cut off, when it is followed, then its whole lines come and the end is an error")
    func cutOff() async throws {
        try await withServer(
            answering: Script { _ in ScriptedHTTPServer.chunked(["a\nb"], isComplete: false) }
        ) { _, client in
            let (lines, end) = await lines(try await client.resources(Pod.self, namespace: "n").followLogs("a"))
            #expect(lines == ["a"])
            #expect(end?.code == .connection)
        }
    }

    @Test("given a flood of empty lines, when nobody reads, then the log ends with watchOverflow")
    func flood() async throws {
        var transport = TransportConfiguration.withoutRetries
        transport.maximumBufferedBytes = 1 << 20
        try await withServer(
            transport: transport,
            answering: Script { _ in
                [
                    .send("HTTP/1.1 200 OK\r\n\r\n"),
                    .sendRepeatedly([UInt8](repeating: 10, count: 1 << 16), times: 1000),
                ]
            }
        ) { server, client in
            let stream = try await client.resources(Pod.self, namespace: "n").followLogs("a")
            for await case .clientLeft in server.events { break }
            let (lines, end) = await lines(stream)
            #expect(end?.code == .watchOverflow)
            #expect(lines.count <= 1 << 15)
        }
    }

    @Test("given a silent log, when its task is cancelled, then it ends with cancelled and the server notices")
    func cancellation() async throws {
        try await withServer(
            answering: Script { _ in [.send("HTTP/1.1 200 OK\r\n\r\na\n"), .hold] }
        ) { server, client in
            let stream = try await client.resources(Pod.self, namespace: "n").followLogs("a")
            let (firsts, report) = AsyncStream.makeStream(of: String.self)
            let task = Task {
                try await failure { () async throws(KubeError) in
                    var iterator = stream.makeAsyncIterator()
                    while let line = try await iterator.next() { report.yield(line) }
                }
            }
            for await line in firsts {
                #expect(line == "a")
                break
            }
            task.cancel()
            let outcome = try await task.value
            #expect(outcome.code == .cancelled)
            for await case .clientLeft in server.events { break }
        }
    }

    @Test(
        "given a container that cannot be read, when its log is followed, then opening fails with the server's reason"
    )
    func refused() async throws {
        let status =
            #"{"kind":"Status","status":"Failure","message":"no such container","reason":"BadRequest","code":400}"#
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(400, status) }) { _, client in
            let error = try await failure { () async throws(KubeError) in
                try await client.resources(Pod.self, namespace: "n").followLogs("a")
            }
            #expect(error.code == .badRequest)
            #expect(error.message == "no such container")
        }
    }
}
