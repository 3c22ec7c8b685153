// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting
import Synchronization
import Testing

@Suite("Lists object by object", .timeLimit(.minutes(5)))
struct ListEachTests {
    private func list<Object: KubernetesObject>(
        _ type: Object.Type,
        _ body: String
    ) async throws -> (names: [String], metadata: ListMeta?, error: KubeError?) {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, body) }) { _, client in
            var names: [String] = []
            do throws(KubeError) {
                let metadata = try await client.resources(type, of: Lease.apiResource).list(ListOptions()) { object in
                    names.append(object.metadata.name)
                }
                return (names, metadata, nil)
            } catch {
                return (names, nil, error)
            }
        }
    }

    @Test("given a page, then its objects come in order, and then what it says about itself")
    func page() async throws {
        let items = #"[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]"#
        let answer = try await list(
            Lease.self,
            #"{"kind":"LeaseList","metadata":{"resourceVersion":"7","continue":"next"},"items":\#(items)}"#
        )
        #expect(answer.names == ["a", "b"])
        #expect(answer.metadata?.resourceVersion == "7" && answer.metadata?.continueToken == "next")
        #expect(try await list(Lease.self, #"{"items":null}"#).names == [])
    }

    @Test("given an answer that breaks off or a Table, then it is an error of decoding")
    func refused() async throws {
        let broken = try await list(Lease.self, #"{"items":[{"metadata":{"name":"a"}},{"#)
        #expect(broken.names == ["a"] && broken.error?.code == .decoding)
        let table = try await list(Lease.self, #"{"kind":"Table","items":[{"metadata":{"name":"a"}}]}"#)
        #expect(table.names == [] && table.error?.code == .decoding)
    }

    @Test("given a client of metadata, then it asks for nothing else: for a list as a list, else for one object")
    func metadataOnly() async throws {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, #"{"items":[]}"#) }) {
            server,
            client in
            let metadata = client.resources(PartialObjectMetadata.self, of: Lease.apiResource, namespace: "shop")
            _ = try await metadata.list(ListOptions()) { _ in }
            _ = try await metadata.list()
            _ = try await metadata.watch()
            var headers: [String] = []
            for await case .request(let request) in server.events {
                headers.append(request.headers["accept"] ?? "")
                if headers.count == 3 { break }
            }
            let list = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
            let one = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
            #expect(headers == [list, list, one])
        }
    }
}

@Suite("Lists object by object, while they arrive", .timeLimit(.minutes(5)))
struct ListInPiecesTests {
    /// More than what is handed over at once, so that the list comes in several pieces.
    private static let padding = String(repeating: "x", count: 50_000)
    private static let object = #"{"metadata":{"name":"a","labels":{"padding":"\#(padding)"}}}"#
    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

    @Test("given a server that stops in the middle of a list, then the objects before that have been passed on")
    func early() async throws {
        let isSeen = Mutex(false)
        let objects = [Self.object, Self.object, Self.object].joined(separator: ",")
        let script = Script { _ in
            [
                .send(Self.head + #"{"kind":"LeaseList","items":["# + objects),
                .waitUntil { isSeen.withLock { $0 } },
                .send(#"],"metadata":{"resourceVersion":"7"}}"#),
            ]
        }
        try await withServer(answering: script) { _, client in
            var count = 0
            let leases = client.resources(PartialObjectMetadata.self, of: Lease.apiResource)
            let metadata = try await leases.list(ListOptions()) { _ in
                count += 1
                isSeen.withLock { $0 = true }
            }
            #expect(count == 3 && metadata.resourceVersion == "7")
        }
    }

    @Test("given a list that breaks after some objects, then it is an error and is not asked for again")
    func broken() async throws {
        let requests = Mutex(0)
        let isSeen = Mutex(false)
        let objects = String(repeating: Self.object + ",", count: 8)
        let script = Script { _ in
            requests.withLock { $0 += 1 }
            return [
                .send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + #"{"items":["# + objects),
                .waitUntil { isSeen.withLock { $0 } }, .reset,
            ]
        }
        try await withServer(transport: .withQuickRetries, answering: script) { _, client in
            var count = 0
            let error = try await failure { () throws(KubeError) in
                try await client.resources(Lease.self).list(ListOptions()) { _ in
                    count += 1
                    isSeen.withLock { $0 = true }
                }
            }
            #expect(error.code == .connection && count > 0)
            #expect(requests.withLock { $0 } == 1)
        }
    }

    @Test("given a list that breaks before anything of it was read, then it is asked for again")
    func brokenEarly() async throws {
        let requests = Mutex(0)
        let script = Script { _ in
            let number = requests.withLock { requests in
                requests += 1
                return requests
            }
            let start = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + #"{"items":[{"metadata":{"name":"old"}},"#
            return number == 1
                ? [.send(start), .reset] : ScriptedHTTPServer.answer(200, #"{"items":[{"metadata":{"name":"new"}}]}"#)
        }
        try await withServer(transport: .withQuickRetries, answering: script) { _, client in
            var names: [String] = []
            _ = try await client.resources(Lease.self).list(ListOptions()) { names.append($0.metadata.name) }
            #expect(names == ["new"] && requests.withLock { $0 } == 2)
        }
    }

    @Test("given an object that cannot be read, then the error names its place in the list")
    func place() async throws {
        let text = #"{"items":[{"metadata":{"name":"a"}},{"metadata":{"name":7}}]}"#
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, text) }) { _, client in
            let error = try await failure { () throws(KubeError) in
                try await client.resources(Lease.self).list(ListOptions()) { _ in }
            }
            #expect(error.code == .decoding && error.message.contains("items[1].metadata.name"), "\(error)")
            let place = try #require(text.utf8.firstIndex(of: UInt8(ascii: "7")))
            #expect(error.message.contains("\(text.utf8.distance(from: text.startIndex, to: place))"), "\(error)")
        }
    }

    @Test("given a list that is larger than what is taken, or a refusal, then it is that error", arguments: [200, 403])
    func refused(status: Int) async throws {
        var transport = TransportConfiguration.withoutRetries
        transport.maximumAnswerBytes = 100_000
        let body =
            status == 200
            ? #"{"items":["# + String(repeating: Self.object + ",", count: 4)
            : #"{"kind":"Status","status":"Failure","message":"no","reason":"Forbidden","code":403}"#
        try await withServer(
            transport: transport,
            answering: Script { _ in ScriptedHTTPServer.answer(status, body) }
        ) { _, client in
            let error = try await failure { () throws(KubeError) in
                try await client.resources(Lease.self).list(ListOptions()) { _ in }
            }
            #expect(error.code == (status == 200 ? .tooLarge : .forbidden), "\(error)")
        }
    }

    @Test("given a list that stands still, when the task is cancelled, then the list ends")
    func cancelled() async throws {
        let script = Script { _ in [.send(Self.head + #"{"items":["#), .hold] }
        try await withServer(answering: script) { server, client in
            let leases = client.resources(Lease.self)
            let task = Task {
                try await failure { () throws(KubeError) in try await leases.list(ListOptions()) { _ in } }
            }
            for await case .request in server.events { break }
            task.cancel()
            let error = try await task.value
            #expect(error.code == .cancelled)
        }
    }
}
