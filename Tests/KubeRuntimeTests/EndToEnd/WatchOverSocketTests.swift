// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import Synchronization
import Testing

@Suite("An informer on a server that misbehaves", .timeLimit(.minutes(5)))
struct WatchOverSocketTests {
    private static let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static func list(_ names: [String], version: Int) -> [ScriptedHTTPServer.Step] {
        let items = names.map { #"{"metadata":{"name":"\#($0)","namespace":"shop","resourceVersion":"1"}}"# }
        let body = #"{"kind":"LeaseList","metadata":{"resourceVersion":"\#(version)"},"items":["#
        return ScriptedHTTPServer.answer(200, body + items.joined(separator: ",") + "]}")
    }

    private static func event(_ type: String, _ name: String, version: Int, holder: String = "") -> String {
        let spec = #""spec":{"holderIdentity":"\#(holder)"}"#
        let metadata = #""metadata":{"name":"\#(name)","namespace":"shop","resourceVersion":"\#(version)"}"#
        return #"{"type":"\#(type)","object":{\#(metadata),\#(spec)}}"# + "\n"
    }

    /// Runs an informer of leases on a server with this script; lists come in pages.
    private func follow(
        logger: Logger = .silent,
        _ script: @escaping @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step],
        _ body: (ScriptedHTTPServer, Informer<Lease>) async throws -> Void,
        afterStop: (ScriptedHTTPServer) async -> Void = { _ in }
    ) async throws {
        let server = try ScriptedHTTPServer(script)
        defer { server.stop() }
        let client = try KubernetesClient(configuration: ClientConfiguration(server: server.url), rateLimiter: nil)
        let informer = Informer(
            client.resources(Lease.self),
            configuration: ReflectorConfiguration(
                streamsLists: false,
                backoff: Backoff(initial: .milliseconds(1), limit: .milliseconds(1))
            ),
            logger: logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await informer.run() }
            try await body(server, informer)
            group.cancelAll()
        }
        await afterStop(server)
    }

    @Test(
        "51: given a stop while the server is silent, in a list or in the middle of an event, then it hangs up at once",
        arguments: [true, false]
    )
    func stop(inList: Bool) async throws {
        let log = LogJournal()
        let half = Self.event("ADDED", "a", version: 11).prefix(40)
        try await follow(logger: log.logger) { request in
            if request.target.contains("watch=true") {
                return [.send("HTTP/1.1 200 OK\r\n\r\n" + Self.event("ADDED", "b", version: 11) + half), .hold]
            }
            return inList ? [.hold] : Self.list([], version: 10)
        } _: { server, informer in
            if inList {
                for await case .request in server.events { break }
            } else {
                try await informer.store.waitUntil(resourceVersion: "11", of: ObjectKey(namespace: "shop", name: "b"))
            }
        } afterStop: { server in
            for await case .clientLeft in server.events { break }
        }
        #expect(log.messages.count == 0)
    }

    @Test("52: given an event of 20 MiB, then the watch is over with an error, and a list and a watch follow")
    func hugeEvent() async throws {
        let log = LogJournal()
        let watches = Mutex(0)
        try await follow(logger: log.logger) { request in
            guard request.target.contains("watch=true") else {
                return Self.list(["a"], version: request.target.contains("resourceVersion=0") ? 10 : 20)
            }
            guard
                watches.withLock({
                    $0 += 1
                    return $0
                }) == 1
            else { return [.send(Self.head), .hold] }
            return [
                .send("HTTP/1.1 200 OK\r\n\r\n" + #"{"type":"ADDED","object":{"metadata":{"name":""#),
                // More than a whole line may have, so that what is received is bounded by the client.
                .sendRepeatedly([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20), times: 20),
            ]
        } _: { _, informer in
            try await informer.store.waitUntil(
                resourceVersion: "20",
                of: ObjectKey(namespace: "shop", name: "a"),
                timeout: .seconds(60)
            )
            #expect(informer.store.count == 1)
        }
        #expect(log.messages.entries.map(\.level) == [.warning])
    }

    @Test("53: given events cut at each byte, in chunks of one byte and all in one chunk, then the store is the same")
    func everyCut() async throws {
        // U+2028 ends a line elsewhere, not in JSON.
        let text =
            Self.event("ADDED", "a", version: 11, holder: "é\u{2028}x") + Self.event("MODIFIED", "b", version: 12)
            + Self.event("DELETED", "c", version: 13)
        let bytes = Array(text.utf8)
        let cuts = Array(0...bytes.count)
        let watches = Mutex(0)
        let chunk: @Sendable (ArraySlice<UInt8>) -> [ScriptedHTTPServer.Step] = { piece in
            guard !piece.isEmpty else { return [] }
            return [
                .send("\(String(piece.count, radix: 16))\r\n"), .sendRepeatedly(Array(piece), times: 1), .send("\r\n"),
            ]
        }
        let expired = #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}"# + "\n"
        let begun = Journal<String>()
        let seen = Journal<[String]>()
        try await follow { request in
            guard request.target.contains("watch=true") else {
                // A handler that lags behind would be told what came of it all, not each change.
                let rounds = watches.withLock { $0 }
                return [.waitUntil { seen.count >= rounds }] + Self.list(["b", "c"], version: 10)
            }
            let number = watches.withLock { count in
                defer { count += 1 }
                return count
            }
            var pieces = [ArraySlice(bytes)]
            if number < cuts.count { pieces = [bytes[..<cuts[number]], bytes[cuts[number]...]] }
            if number == cuts.count { pieces = bytes.indices.map { bytes[$0...$0] } }
            if number > cuts.count + 1 { return [.send(Self.head), .hold] }
            // The next round begins with a list.
            let end = chunk(ArraySlice(expired.utf8)) + [.send("0\r\n\r\n")]
            return [.waitUntil { begun.count > number }, .send(Self.head)] + pieces.flatMap(chunk) + end
        } _: { _, informer in
            try informer.addHandler { event in
                if case .added(let lease, _) = event, lease.metadata.name == "c" { begun.append("c") }
                guard case .deleted(let lease, isFinalStateUnknown: false) = event else { return }
                let holder = informer.store.get("a", namespace: "shop")?.holderIdentity ?? "none"
                let version = informer.store.get("b", namespace: "shop")?.metadata.resourceVersion ?? "none"
                seen.append([lease.metadata.name, holder, version])
            }
            await seen.first(cuts.count + 2)
        }
        #expect(seen.count == cuts.count + 2)
        #expect(Set(seen.entries) == [["c", "é\u{2028}x", "12"]])
    }
}
