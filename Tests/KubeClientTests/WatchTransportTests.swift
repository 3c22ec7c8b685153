// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("Watches over a socket", .timeLimit(.minutes(5)))
struct WatchTransportTests {
    private static func line(_ name: String) -> String {
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"\(name)\"}}}\n"
    }

    private func names(_ events: [WatchEvent<Lease>]) -> [String] {
        events.map { event in
            if case .added(let lease) = event { lease.metadata.name } else { "?" }
        }
    }

    @Test(
        "given three events in one chunk or byte by byte, when they are watched, then they come in order, then the end"
    )
    func wholeAndSingleBytes() async throws {
        let text = Self.line("a") + "\n" + Self.line("bé") + Self.line("c")
        try await withServer(
            answering: Script { request in
                request.target.contains("one-chunk")
                    ? ScriptedHTTPServer.chunked([text])
                    : ScriptedHTTPServer.chunked(text.unicodeScalars.map { String($0) })
            }
        ) { server, client in
            for namespace in ["one-chunk", "single-bytes"] {
                let (events, end) = try await client.resources(Lease.self, namespace: namespace).watch().collect()
                #expect(names(events) == ["a", "bé", "c"])
                #expect(end == nil)
            }
            for await case .request(let request) in server.events {
                #expect(
                    request.target
                        == "/apis/coordination.k8s.io/v1/namespaces/one-chunk/leases?watch=true&allowWatchBookmarks=true&timeoutSeconds=300"
                )
                break
            }
        }
    }

    @Test("given events cut into two chunks at any byte, when they are watched, then none is lost or torn")
    func everySplit() async throws {
        let text = Self.line("first") + Self.line("second")
        let bytes = Array(text.utf8)
        try await withServer(
            answering: Script { request in
                // The namespace says where to cut.
                let place = Int(request.target.split(separator: "/")[4].dropFirst()) ?? 0
                return ScriptedHTTPServer.chunked([
                    String(decoding: bytes[..<place], as: UTF8.self), String(decoding: bytes[place...], as: UTF8.self),
                ])
            }
        ) { _, client in
            for place in 0...bytes.count {
                let (events, end) = try await client.resources(Lease.self, namespace: "n\(place)").watch().collect()
                #expect(names(events) == ["first", "second"], "cut at \(place)")
                #expect(end == nil, "cut at \(place)")
            }
        }
    }

    @Test(
        "given a stream that breaks off, when it is watched, then whole events come and the end is an error",
        arguments: [
            // The last chunk is missing: HTTP knows that something was lost.
            ScriptedHTTPServer.chunked([line("a"), "{\"type\":\"ADD"], isComplete: false),
            ScriptedHTTPServer.chunked([line("a")], isComplete: false),
            ScriptedHTTPServer.chunked([line("a")], isComplete: false) + [.reset],
            // HTTP says that all is well, but the last line has no end.
            ScriptedHTTPServer.chunked([line("a"), "{\"type\":\"ADD"]),
            ScriptedHTTPServer.chunked([line("a"), "{\"type\":\"ADDED\",\"object\":{}}"]),
            ScriptedHTTPServer.untilClose(line("a") + "{\"type\":\"ADD"),
        ]
    )
    func brokenOff(steps: [ScriptedHTTPServer.Step]) async throws {
        try await withServer(answering: Script { _ in steps }) { _, client in
            let (events, end) = try await client.resources(Lease.self).watch().collect()
            #expect(end?.code == .connection)
            // After a reset the system may drop what had arrived but was not read yet.
            #expect(names(events) == ["a"] || events.isEmpty)
        }
    }

    @Test(
        "given a stream without length or chunks, when the server closes it behind a line, then it has ended in order"
    )
    func closedInOrder() async throws {
        try await withServer(
            answering: Script { _ in ScriptedHTTPServer.untilClose(Self.line("a") + Self.line("b") + "\r") }
        ) {
            _,
            client in
            let (events, end) = try await client.resources(Lease.self).watch().collect()
            #expect(names(events) == ["a", "b"])
            #expect(end == nil)
        }
    }

    @Test("given no event at all, when the server ends the stream, then the watch has ended in order")
    func noEvents() async throws {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.chunked([]) }) { _, client in
            let (events, end) = try await client.resources(Lease.self).watch().collect()
            #expect(events.isEmpty)
            #expect(end == nil)
        }
    }

    @Test("given a line that is no event, when it is watched, then the events before it come and then the error")
    func undecodableLine() async throws {
        let text = Self.line("a") + "<html>\n" + Self.line("b")
        try await withServer(answering: Script { _ in ScriptedHTTPServer.chunked([text]) }) { _, client in
            let (events, end) = try await client.resources(Lease.self).watch().collect()
            #expect(names(events) == ["a"])
            #expect(end?.code == .decoding)
        }
    }

    @Test(
        "given a refusal, when a watch is opened, then opening fails with the server's reason",
        arguments: [
            (403, "Forbidden", .forbidden), (410, "Expired", .expired), (429, "TooManyRequests", .tooManyRequests),
            (500, "", .internalError),
        ] as [(Int, String, KubeError.Code)]
    )
    func refused(code: Int, reason: String, expected: KubeError.Code) async throws {
        let body =
            "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"no\",\"reason\":\"\(reason)\",\"code\":\(code)}"
        try await withServer(
            answering: Script { _ in ScriptedHTTPServer.answer(code, body, headers: ["Retry-After: 4"]) }
        ) {
            _,
            client in
            let error = try await failure { () async throws(KubeError) in try await client.resources(Lease.self).watch()
            }
            #expect(error.code == expected)
            #expect(error.message == "no")
            #expect(error.retryAfter == .seconds(4))
        }
    }

    @Test(
        "given a connection that breaks before the answer, when a watch is opened, then opening fails with connection"
    )
    func brokenBeforeTheAnswer() async throws {
        try await withServer(answering: Script { _ in [.reset] }) { _, client in
            let error = try await failure { () async throws(KubeError) in try await client.resources(Lease.self).watch()
            }
            #expect(error.code == .connection)
        }
        try await withServer(answering: Script { _ in [.send("HTTP/1.1 200 OK\r\nContent-Ty")] }) { _, client in
            let error = try await failure { () async throws(KubeError) in try await client.resources(Lease.self).watch()
            }
            #expect(error.code == .connection)
        }
    }

    @Test("given more events than may wait unread, when nobody reads, then the watch ends with watchOverflow")
    func overflow() async throws {
        let text = Self.line(String(repeating: "x", count: 1 << 20))
        try await withServer(
            answering: Script { _ in
                [.send("HTTP/1.1 200 OK\r\n\r\n"), .sendRepeatedly(Array(text.utf8), times: 200)]
            }
        ) { server, client in
            let stream = try await client.resources(Lease.self).watch()
            // The client hangs up while the server still sends.
            for await case .clientLeft in server.events { break }
            let (events, end) = await stream.collect()
            #expect(end?.code == .watchOverflow)
            // Some may be read in the moment between hanging up and letting go of what was buffered.
            #expect(events.count < 32)
        }
    }

    @Test("given a reader that stops for a while, when the bound is passed meanwhile, then it gets watchOverflow")
    func slowReader() async throws {
        let text = Self.line(String(repeating: "x", count: 1000))
        var transport = TransportConfiguration.withoutRetries
        transport.maximumBufferedBytes = 1 << 20
        let hasRead = Flag()
        try await withServer(
            transport: transport,
            answering: Script { _ in
                [
                    .send("HTTP/1.1 200 OK\r\n\r\n" + Self.line("a")),
                    .waitUntil { hasRead.isSet },
                    .sendRepeatedly(Array(text.utf8), times: 100_000),
                ]
            }
        ) { server, client in
            var iterator = try await client.resources(Lease.self).watch().makeAsyncIterator()
            let first = try await iterator.next()
            #expect(first != nil)
            hasRead.set()
            for await case .clientLeft in server.events { break }
            var rest = 0
            let error = try await failure { () async throws(KubeError) in
                while try await iterator.next() != nil { rest += 1 }
            }
            #expect(error.code == .watchOverflow)
            #expect(error.message.contains("1048576 bytes"))
            #expect(rest < 2000)
        }
    }

    @Test("given a line that is too long, when it is read before the transfer has ended, then it is not delivered")
    func longLineAtOnce() async throws {
        var transport = TransportConfiguration()
        transport.maximumLineBytes = 1000
        let sink = LineSink(.watch, transport)
        sink.receive(ResponseHead(status: 200))
        let line = Array(Self.line(String(repeating: "x", count: 1000)).utf8)
        let refusal = try #require(line.withUnsafeBufferPointer { sink.receive($0) })
        #expect(refusal.code == .tooLarge)
        let next = Task { await sink.nextLine() }
        for _ in 0..<10 { await Task.yield() }
        sink.complete(.failure(refusal))
        guard case .failure(let error) = await next.value else {
            Issue.record("the line was delivered")
            return
        }
        #expect(error.code == .tooLarge)
    }

    @Test("given an event that is longer than allowed, when it is watched, then the watch ends with tooLarge")
    func longLine() async throws {
        var transport = TransportConfiguration.withoutRetries
        transport.maximumLineBytes = 1000
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
        // Whole, in one piece.
        let longLine = Self.line(String(repeating: "x", count: 1000))
        try await withServer(
            transport: transport,
            answering: Script { request in
                // The end of the line comes, or never does.
                [.send("HTTP/1.1 200 OK\r\n\r\n" + Self.line("a"))]
                    + (request.target.contains("endless")
                        ? [.sendRepeatedly(piece, times: 17), .hold] : [.send(longLine), .hold])
            }
        ) { _, client in
            for namespace in ["endless", "ending"] {
                let (events, end) = try await client.resources(Lease.self, namespace: namespace).watch().collect()
                #expect(names(events) == ["a"] || events.isEmpty)
                #expect(end?.code == .tooLarge)
            }
        }
    }

    @Test("given a server that accepts the connection and never answers, when a watch is opened, then it fails in time")
    func unanswered() async throws {
        var transport = TransportConfiguration.withoutRetries
        transport.watchOpeningTimeout = .milliseconds(200)
        try await withServer(transport: transport, answering: Script { _ in [.hold] }) { server, client in
            let error = try await failure { () async throws(KubeError) in try await client.resources(Lease.self).watch()
            }
            #expect(error.code == .deadlineExceeded)
            #expect(error.message.contains("\(server.url) did not answer GET"))
            for await case .clientLeft in server.events { break }
        }
    }

    @Test("given a watch that was accepted, when it is silent for longer than opening may take, then it goes on")
    func answeredInTime() async throws {
        var transport = TransportConfiguration.withoutRetries
        transport.watchOpeningTimeout = .milliseconds(100)
        try await withServer(
            transport: transport,
            answering: Script { _ in [.send("HTTP/1.1 200 OK\r\n\r\n"), .hold] }
        ) { server, client in
            let stream = try await client.resources(Lease.self).watch()
            // Another opening that fails in between shows that the thread has looked at the times.
            for _ in 0..<2 {
                let deaf = try ScriptedHTTPServer(isDeaf: true) { _ in [] }
                defer { deaf.stop() }
                var configuration = client.configuration
                configuration.server = deaf.url
                let request = Transfer(
                    request: {
                        var request = Request(method: .get, path: "/x")
                        request.responseTimeout = .milliseconds(150)
                        return request
                    }(),
                    configuration: configuration,
                    sink: LineSink(.watch, transport)
                )
                let loop = try client.loops.streams()
                loop.post(.start(request))
                while !request.isFinished { await Task.yield() }
            }
            var iterator = stream.makeAsyncIterator()
            let task = Task { try await failure { () async throws(KubeError) in try await iterator.next() } }
            task.cancel()
            // Not deadlineExceeded: the stream was still there.
            let outcome = try await task.value
            #expect(outcome.code == .cancelled)
        }
    }

    @Test("given a watch that waits, when its task is cancelled, then it ends with cancelled and the server notices")
    func cancellation() async throws {
        try await withServer(answering: Script { _ in [.send("HTTP/1.1 200 OK\r\n\r\n" + Self.line("a")), .hold] }) {
            server,
            client in
            let stream = try await client.resources(Lease.self).watch()
            let (firsts, report) = AsyncStream.makeStream(of: Void.self)
            let task = Task<KubeError.Code?, Never> {
                var iterator = stream.makeAsyncIterator()
                do throws(KubeError) {
                    while try await iterator.next() != nil { report.yield() }
                    return nil
                } catch {
                    return error.code
                }
            }
            for await _ in firsts { break }
            task.cancel()
            #expect(await task.value == .cancelled)
            for await case .clientLeft in server.events { break }
        }
    }

    @Test("given a watch that is being opened, when its task is cancelled, then opening fails with cancelled")
    func cancellationWhileOpening() async throws {
        try await withServer(answering: Script { _ in [.hold] }) { server, client in
            let task = Task {
                try await failure { () async throws(KubeError) in try await client.resources(Lease.self).watch() }
            }
            for await case .request in server.events { break }
            task.cancel()
            let error = try await task.value
            #expect(error.code == .cancelled)
        }
    }

    @Test("given a watch, when it is let go of, then the server notices")
    func letGo() async throws {
        try await withServer(answering: Script { _ in [.send("HTTP/1.1 200 OK\r\n\r\n"), .hold] }) { server, client in
            var stream: WatchStream<Lease>? = try await client.resources(Lease.self).watch()
            #expect(stream != nil)
            stream = nil
            for await case .clientLeft in server.events { break }
        }
    }

    @Test("given a stream that is silent for longer than allowed, when it is watched, then it fails with connection")
    func silence() async throws {
        try await withServer(answering: Script { _ in [.send("HTTP/1.1 200 OK\r\n\r\n"), .hold] }) { _, client in
            var request = Request(method: .get, path: "/watch")
            request.timeout = nil
            request.idleTimeout = .seconds(1)
            let stream = WatchStream<Lease>(lines: try await client.stream(request, .watch), isSensitive: false)
            let (events, end) = await stream.collect()
            #expect(events.isEmpty)
            #expect(end?.code == .connection)
        }
    }
}
