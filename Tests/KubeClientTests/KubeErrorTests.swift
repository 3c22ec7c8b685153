// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("KubeError from a server's Status, and what goes into a URL")
struct KubeErrorTests {
    @Test(
        "given a Status, when it becomes an error, then the reason decides before the number",
        arguments: [
            (400, "BadRequest", .badRequest), (401, "Unauthorized", .unauthorized), (403, "Forbidden", .forbidden),
            (404, "NotFound", .notFound), (404, "", .notFound), (405, "MethodNotAllowed", .methodNotAllowed),
            (409, "AlreadyExists", .alreadyExists), (409, "Conflict", .conflict), (409, "", .conflict),
            (410, "Expired", .expired), (410, "Gone", .expired), (410, "", .expired),
            (413, "RequestEntityTooLarge", .tooLarge), (415, "UnsupportedMediaType", .unsupportedMediaType),
            (422, "Invalid", .invalid), (429, "TooManyRequests", .tooManyRequests),
            (500, "InternalError", .internalError),
            (500, "ServerTimeout", .serverTimeout), (502, "", .unavailable), (503, "ServiceUnavailable", .unavailable),
            (504, "Timeout", .serverTimeout), (504, "", .serverTimeout), (418, "", .unexpectedResponse),
            (302, "", .unexpectedResponse), (0, "", .unexpectedResponse),
        ] as [(Int, String, KubeError.Code)]
    )
    func codes(code: Int, reason: String, expected: KubeError.Code) {
        let status = Status(code: code, reason: reason, message: "words")
        let error = KubeError(status: status)
        #expect(error.code == expected)
        #expect(error.status == status)
        #expect(error.message == "words")
        #expect(error.description == "words (\(expected))")
    }

    @Test("given a resourceVersion that the server has not reached, when it says so in either form, then it is known")
    func resourceVersionTooLarge() {
        var status = Status(code: 504, reason: "Timeout", message: "Too large resource version: 9, current: 5")
        #expect(KubeError(status: status).code == .resourceVersionTooLarge)
        status.message = "Timeout: it took long"
        #expect(KubeError(status: status).code == .serverTimeout)
        var cause = Status.Cause()
        cause.reason = "ResourceVersionTooLarge"
        status.causes = [Status.Cause(), cause]
        #expect(KubeError(status: status).code == .resourceVersionTooLarge)
        // The words alone, in another sort of error, mean nothing.
        let other = Status(code: 400, reason: "BadRequest", message: "Too large resource version: 9")
        #expect(KubeError(status: other).code == .badRequest)
    }

    @Test("given a Status without a message or with a wait, when it becomes an error, then both are in it")
    func messageAndWait() {
        var status = Status(code: 404, reason: "NotFound")
        #expect(KubeError(status: status).message == "the server answered 404 NotFound")
        #expect(KubeError(status: status).retryAfter == nil)
        status.retryAfterSeconds = 7
        #expect(KubeError(status: status).retryAfter == .seconds(7))
    }

    @Test(
        "given a query value, when it is encoded, then only unreserved characters stay",
        arguments: [
            ("", ""), ("abc-XYZ_0.9~", "abc-XYZ_0.9~"), ("a b", "a%20b"), ("a=b,c!=d", "a%3Db%2Cc%21%3Dd"),
            ("x in (a,b)", "x%20in%20%28a%2Cb%29"), ("a/b?c#d&e+f%g", "a%2Fb%3Fc%23d%26e%2Bf%25g"),
            ("é😀", "%C3%A9%F0%9F%98%80"),
            ("\r\n\u{0}\"", "%0D%0A%00%22"),
        ]
    )
    func percentEncoding(text: String, expected: String) {
        #expect(Request.percentEncoded(text) == expected)
    }

    @Test("given query parameters, when they are added, then nil ones are left out")
    func query() {
        var request = Request(method: .get, path: "/x")
        request.add("none", nil)
        #expect(request.query == "")
        request.add("a", "1 2")
        request.add("none", nil)
        request.add("b", "")
        #expect(request.query == "?a=1%202&b=")
    }

    @Test(
        "given a name that would change the path, when it is used, then it is refused before anything is sent",
        arguments: [
            "", ".", "..", "a/b", "../secrets/x", "a?watch=1", "a#b", "a%2Fb", "a b", "a\nb", "a\\b", "é", "a\u{7f}",
            "a\u{0}",
        ]
    )
    func hostileNames(name: String) async throws {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, "{}") }) { server, client in
            let pods = client.resources(Pod.self, namespace: "shop")
            #expect(try await failure { () async throws(KubeError) in try await pods.get(name) }.code == .badRequest)
            #expect(try await failure { () async throws(KubeError) in try await pods.delete(name) }.code == .badRequest)
            let others = client.resources(Pod.self, namespace: name)
            #expect(try await failure { () async throws(KubeError) in try await others.list() }.code == .badRequest)
            #expect(try await failure { () async throws(KubeError) in try await others.watch() }.code == .badRequest)

            _ = try await client.get(path: "/sentinel")
            for await case .request(let request) in server.events {
                #expect(request.target == "/sentinel")
                break
            }
        }
    }

    @Test("given names that Kubernetes allows, when they are used, then they are sent as they are")
    func harmlessNames() throws {
        for name in ["web-0", "system:node:a.b", "...", "a..b", "kubeadm:get-nodes", "A_b~c@d"] {
            #expect(throws: Never.self) { try Request.checkSegment(name) }
        }
    }
}
