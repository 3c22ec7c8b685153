// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("Calls over a socket", .timeLimit(.minutes(5)))
struct CallTransportTests {
    /// What this test run was started as.
    private static var program: Substring { CommandLine.arguments[0].split(separator: "/").last ?? "" }

    @Test("given a call, when it is sent, then method, path, query, headers and body are on the wire")
    func requestOnTheWire() async throws {
        try await withServer(
            credentials: .token("abc\n"),
            answering: Script { _ in ScriptedHTTPServer.answer(201, "{}") }
        ) {
            server,
            client in
            let pods = client.resources(Pod.self, namespace: "shop")
            _ = try await pods.list(ListOptions(labelSelector: "app in (a,b)", limit: 5))
            _ = try await pods.create(Pod(metadata: ObjectMeta(name: "new")), fieldManager: "me & you")
            _ = try await pods.patch("web", .merge(["a": nil] as JSONValue), subresource: "status")
            try await pods.delete("web", DeleteOptions(propagation: .orphan, uid: "u", gracePeriodSeconds: 0))

            var seen: [ScriptedHTTPServer.Request] = []
            for await case .request(let request) in server.events {
                seen.append(request)
                if seen.count == 4 { break }
            }
            #expect(seen.map(\.method) == ["GET", "POST", "PATCH", "DELETE"])
            #expect(
                seen.map(\.target) == [
                    "/api/v1/namespaces/shop/pods?labelSelector=app%20in%20%28a%2Cb%29&limit=5",
                    "/api/v1/namespaces/shop/pods?fieldManager=me%20%26%20you",
                    "/api/v1/namespaces/shop/pods/web/status", "/api/v1/namespaces/shop/pods/web",
                ]
            )
            #expect(
                seen.map { $0.headers["content-type"] } == [
                    nil, "application/json", "application/merge-patch+json", "application/json",
                ]
            )
            #expect(seen[1].body.hasPrefix(#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"new"}"#))
            #expect(seen[2].body == #"{"a":null}"#)
            #expect(
                seen[3].body
                    == #"{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Orphan","gracePeriodSeconds":0,"preconditions":{"uid":"u"}}"#
            )
            for request in seen {
                // The line break at the token's end has not begun another header.
                #expect(request.headers["authorization"] == "Bearer abc")
                #expect(request.headers["user-agent"] == "\(Self.program) KubeClient")
                #expect(request.headers["accept"] == "application/json")
                #expect(request.headers["expect"] == nil)
            }
        }
    }

    @Test("given a token file, when its content changes, then the next call carries the new token")
    func tokenFile() async throws {
        let files = try TemporaryFiles()
        let path = try files.write("token", "first\n")
        try await withServer(
            credentials: .tokenFile(path),
            answering: Script { ScriptedHTTPServer.answer(200, $0.headers["authorization"] ?? "none") }
        ) { server, client in
            #expect(String(decoding: try await client.get(path: "/"), as: UTF8.self) == "Bearer first")
            try files.write("token", "second")
            #expect(String(decoding: try await client.get(path: "/"), as: UTF8.self) == "Bearer second")
            try FileManager.default.removeItem(atPath: path)
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/") }
            #expect(error.code == .configuration)
            #expect(error.message.contains("\(path) (the bearer token) cannot be read: No such file"))
        }
    }

    @Test("given a user name and password, when a call is sent, then they are Basic authentication")
    func basic() async throws {
        try await withServer(
            credentials: .basic(username: "ann", password: "p:w ü"),
            answering: Script { ScriptedHTTPServer.answer(200, $0.headers["authorization"] ?? "none") }
        ) { _, client in
            let expected = "Basic " + Data("ann:p:w ü".utf8).base64EncodedString()
            let answer = try await client.get(path: "/")
            #expect(String(decoding: answer, as: UTF8.self) == expected)
        }
    }

    @Test(
        "given 429 or 503 with Retry-After, when a call is answered, then the error carries the wait",
        arguments: [
            (429, ["Retry-After: 7"], "{}", .tooManyRequests, .seconds(7)),
            (503, ["retry-after:0"], "busy", .unavailable, .zero),
            (
                429, ["Retry-After: 7"], #"{"kind":"Status","code":429,"details":{"retryAfterSeconds":3}}"#,
                .tooManyRequests, .seconds(7)
            ),
            (
                429, [], #"{"kind":"Status","code":429,"details":{"retryAfterSeconds":3}}"#, .tooManyRequests,
                .seconds(3)
            ),
            (429, ["Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"], "", .tooManyRequests, .zero),
            (
                429,
                ["Date: Fri, 31 Dec 1999 23:59:50 GMT", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"], "",
                .tooManyRequests, .seconds(9)
            ),
            (429, ["Retry-After: soon"], "", .tooManyRequests, nil),
            (429, ["Retry-After: -5"], "", .tooManyRequests, nil),
            (429, ["X-Retry-After: 5"], "", .tooManyRequests, nil),
        ] as [(Int, [String], String, KubeError.Code, Duration?)]
    )
    func retryAfter(status: Int, headers: [String], body: String, code: KubeError.Code, wait: Duration?) async throws {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(status, body, headers: headers) }) {
            _,
            client in
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/x") }
            #expect(error.code == code)
            #expect(error.retryAfter == wait)
        }
    }

    @Test("given an error that is no Status, when a call is answered, then the message holds the start of the body")
    func foreignErrors() async throws {
        let page = "<html><h1>Bad gateway</h1>" + String(repeating: "x", count: 5000)
        try await withServer(
            answering: Script { request in
                switch request.target {
                case "/page": ScriptedHTTPServer.answer(500, page)
                case "/empty": ScriptedHTTPServer.answer(502, "")
                case "/other": ScriptedHTTPServer.answer(404, #"{"error":"no route"}"#)
                default: ScriptedHTTPServer.answer(302, "", headers: ["Location: /page"])
                }
            }
        ) { server, client in
            func error(_ path: String) async throws -> KubeError {
                try await failure { () async throws(KubeError) in try await client.get(path: path) }
            }
            let first = try await error("/page")
            #expect(first.code == .internalError)
            #expect(first.message.hasPrefix("GET /page was answered with 500: <html><h1>Bad gateway</h1>xxx"))
            #expect(first.message.count < 400)
            #expect(try await error("/empty").message == "GET /empty was answered with 502")
            #expect(try await error("/empty").code == .unavailable)
            #expect(try await error("/other").message == #"GET /other was answered with 404: {"error":"no route"}"#)
            #expect(try await error("/other").code == .notFound)
            // A redirect is not followed: the credentials were meant for this server.
            #expect(try await error("/redirect").code == .unexpectedResponse)
        }
    }

    @Test("given a Status, when a call is refused, then the server's words, reason and causes are in the error")
    func statusErrors() async throws {
        let status =
            #"{"kind":"Status","status":"Failure","message":"pods \"a\" is forbidden","reason":"Forbidden","code":403}"#
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(403, status) }) { _, client in
            let error = try await failure { () async throws(KubeError) in
                try await client.resources(Pod.self, namespace: "n").get("a")
            }
            #expect(error.code == .forbidden)
            #expect(error.message == #"pods "a" is forbidden"#)
            #expect(error.status?.reason == "Forbidden")
        }
    }

    @Test("given an answer that is no such object, when it is read, then the error names the call and the place")
    func undecodable() async throws {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, #"{"metadata":{"name":5}}"#) }) {
            _,
            client in
            let error = try await failure { () async throws(KubeError) in
                try await client.resources(Pod.self, namespace: "n").get("a")
            }
            #expect(error.code == .decoding)
            #expect(error.message.contains("GET /api/v1/namespaces/n/pods/a"))
            #expect(error.message.contains("metadata.name: expected a string, found a number"))
            #expect((error.cause as? JSONError)?.path == "metadata.name")
        }
    }

    @Test("given a compressed answer, when it is read, then it is the plain one")
    func compressed() async throws {
        let gzip: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 171, 86, 42, 75, 45, 42, 206, 204, 207, 83, 178, 82, 50, 84, 170, 5, 0,
            209, 187, 66, 23, 15, 0, 0, 0,
        ]
        try await withServer(
            answering: Script { request in
                #expect(request.headers["accept-encoding"] == "gzip")
                return [
                    .send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(gzip.count)\r\n\r\n"),
                    .sendRepeatedly(gzip, times: 1),
                ]
            }
        ) { _, client in
            let answer = try await client.get(path: "/version")
            #expect(String(decoding: answer, as: UTF8.self) == #"{"version":"1"}"#)
        }
    }

    @Test(
        "given a connection that ends too early, when a call waits, then it fails with connection",
        arguments: [
            [.reset], [], [.send("HTTP/1.1 200 OK\r\nContent-Le")],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\":")],
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\":"), .reset],
            [.send("this is no HTTP\r\n\r\n")],
            [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n")],
            [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")],
        ] as [[ScriptedHTTPServer.Step]]
    )
    func brokenConnections(steps: [ScriptedHTTPServer.Step]) async throws {
        try await withServer(answering: Script { _ in steps }) { server, client in
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/x") }
            #expect(error.code == .connection)
            #expect(error.message.contains(server.url))
        }
    }

    @Test("given nobody who listens, when a call is made, then it fails with connection and names the server")
    func nobodyListens() async throws {
        let server = try ScriptedHTTPServer { _ in [] }
        let client = try KubernetesClient(configuration: ClientConfiguration(server: server.url))
        server.stop()
        let error = try await failure { () async throws(KubeError) in try await client.get(path: "/x") }
        #expect(error.code == .connection)
        #expect(error.message.contains(server.url))
    }

    @Test("given an answer that never ends, when the request's time runs out, then it fails with deadlineExceeded")
    func deadline() async throws {
        try await withServer(
            answering: Script { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), .hold] }
        ) {
            server,
            client in
            var request = Request(method: .get, path: "/slow")
            request.timeout = .milliseconds(200)
            let error = try await failure { [request] () async throws(KubeError) in try await client.sendRaw(request) }
            #expect(error.code == .deadlineExceeded)
            #expect(error.message == "GET /slow at \(server.url) took too long")
            for await case .clientLeft in server.events { break }
        }
    }

    @Test("given a call on its way, when its task is cancelled, then it fails with cancelled and the server notices")
    func cancellationOnTheWay() async throws {
        try await withServer(answering: Script { _ in [.hold] }) { server, client in
            let task = Task { try await failure { () async throws(KubeError) in try await client.get(path: "/x") } }
            for await event in server.events {
                switch event {
                case .request: task.cancel()
                case .clientLeft:
                    let error = try await task.value
                    #expect(error.code == .cancelled)
                    return
                }
            }
        }
    }

    @Test("given a task that is cancelled already, when it calls or watches, then it fails and nothing is sent")
    func cancellationBefore() async throws {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, "{}") }) { server, client in
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                let call = try await failure { () async throws(KubeError) in try await client.get(path: "/early") }
                let watch = try await failure { () async throws(KubeError) in
                    try await client.resources(Pod.self).watch()
                }
                return [call.code, watch.code]
            }
            task.cancel()
            #expect(try await task.value == [.cancelled, .cancelled])
            _ = try await client.get(path: "/sentinel")
            for await case .request(let request) in server.events {
                #expect(request.target == "/sentinel")
                break
            }
        }
    }

    @Test("given credentials, when a call fails in any way, then no secret is in the error")
    func secrets() async throws {
        let secret = "s3cr3t-t0ken"
        let files = try TemporaryFiles()
        let file = try files.write("token", secret)
        for credentials: ClientConfiguration.Credentials in [
            .token(secret), .tokenFile(file), .basic(username: "ann", password: secret),
        ] {
            try await withServer(
                credentials: credentials,
                answering: Script { $0.target == "/401" ? ScriptedHTTPServer.answer(401, "who are you") : [.reset] }
            ) { _, client in
                for path in ["/401", "/reset"] {
                    let error = try await failure { () async throws(KubeError) in try await client.get(path: path) }
                    var dumped = ""
                    dump(error, to: &dumped)
                    for text in ["\(error)", String(reflecting: error), dumped, "\(client.configuration)"] {
                        #expect(!text.contains(secret))
                        #expect(!text.contains(Data("ann:\(secret)".utf8).base64EncodedString()))
                    }
                }
            }
        }
    }
}
