// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("Secrets and errors", .timeLimit(.minutes(5)))
struct SecretErrorTests {
    private static let canary = "c4n4ry-s3cr3t"
    private static let secrets = APIResource(group: "", version: "v1", kind: "Secret", plural: "secrets")

    private func expectNoCanary(_ error: KubeError, _ sourceLocation: SourceLocation = #_sourceLocation) {
        var dumped = ""
        dump(error, to: &dumped)
        for text in ["\(error)", String(reflecting: error), dumped] {
            #expect(!text.contains(Self.canary), sourceLocation: sourceLocation)
        }
    }

    @Test(
        "given a token in an answer that cannot be understood or is refused, when a token is asked for, then the error has none of it",
        arguments: [
            (200, #"{"status":{"token":"c4n4ry-s3cr3t","expirationTimestamp":"c4n4ry-s3cr3t"}}"#, .decoding),
            (200, #"{"status":{"token":"c4n4ry-s3cr3t"#, .decoding), (200, "c4n4ry-s3cr3t", .decoding),
            (500, "c4n4ry-s3cr3t", .internalError), (403, #"{"token":"c4n4ry-s3cr3t"}"#, .forbidden),
        ] as [(Int, String, KubeError.Code)]
    )
    func tokens(status: Int, body: String, code: KubeError.Code) async throws {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(status, body) }) { _, client in
            let error = try await failure { () async throws(KubeError) in
                try await client.requestToken(serviceAccount: "a", namespace: "n")
            }
            #expect(error.code == code)
            #expect(error.message.contains("POST /api/v1/namespaces/n/serviceaccounts/a/token"))
            expectNoCanary(error)
        }
    }

    @Test("given a token, when it is printed or dumped, then it does not show")
    func printedToken() {
        let token = ServiceAccountToken(token: Self.canary, expiration: Timestamp(seconds: 0))
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] { #expect(!text.contains(Self.canary)) }
    }

    @Test(
        "given a Secret that cannot be understood, when it is read or watched, then the error says where and not what"
    )
    func undecodableSecrets() async throws {
        let object = #"{"metadata":{"creationTimestamp":"c4n4ry-s3cr3t"}}"#
        try await withServer(
            answering: Script { request in
                request.target.contains("watch")
                    ? ScriptedHTTPServer.chunked([#"{"type":"ADDED","object":\#(object)}"# + "\n"])
                    : ScriptedHTTPServer.answer(200, object)
            }
        ) { _, client in
            let objects = client.resources(NamedObject.self, of: Self.secrets, namespace: "n")
            let read = try await failure { () async throws(KubeError) in try await objects.get("a") }
            #expect(read.message.contains("metadata.creationTimestamp"))
            expectNoCanary(read)
            let (_, end) = try await objects.watch().collect()
            let watched = try #require(end)
            #expect(watched.code == .decoding)
            expectNoCanary(watched)
        }
    }

    @Test("given a server that quotes a Secret in its refusal, when the error is made, then the quote is left out")
    func quotedSecret() async throws {
        let message =
            #"v1.Secret: error found in #10 byte of ...|\"pw\":\"c4n4ry-s3cr3t|..., bigger context ...|c4n4ry-s3cr3t|..."#
        let status = #"{"kind":"Status","status":"Failure","message":"\#(message)","reason":"BadRequest","code":400}"#
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(400, status) }) { _, client in
            let error = try await failure { () async throws(KubeError) in
                try await client.resources(DynamicObject.self, of: Self.secrets, namespace: "n")
                    .create(DynamicObject(["data": ["pw": .string(Self.canary)]]))
            }
            #expect(error.message == "v1.Secret: (what the server quotes is left out)")
            expectNoCanary(error)
        }
    }

    @Test(
        "given a proxy that repeats the request's credentials, when its page becomes an error, then they are not in it"
    )
    func echoedCredentials() async throws {
        let files = try TemporaryFiles()
        let file = try files.write("token", Self.canary)
        for credentials: ClientConfiguration.Credentials in [.token(Self.canary), .tokenFile(file)] {
            try await withServer(
                credentials: credentials,
                answering: Script { request in
                    let words = "you sent authorization: \(request.headers["authorization"] ?? "") to me"
                    return ScriptedHTTPServer.answer(
                        502,
                        request.target == "/page" ? words : #"{"kind":"Status","code":502,"message":"\#(words)"}"#
                    )
                }
            ) { _, client in
                for path in ["/page", "/status"] {
                    let error = try await failure { () async throws(KubeError) in try await client.get(path: path) }
                    #expect(error.message.contains("you sent authorization: Bearer [redacted] to me"))
                    expectNoCanary(error)
                }
            }
        }
    }

    @Test("given a query with a secret, when the call fails in any way, then the error has only the path")
    func queries() async throws {
        try await withServer(
            answering: Script { request in
                request.target.hasPrefix("/reset") ? [.reset] : ScriptedHTTPServer.answer(404, "no")
            }
        ) { _, client in
            for path in ["/reset", "/missing"] {
                let error = try await failure { () async throws(KubeError) in
                    try await client.get(path: "\(path)?token=\(Self.canary)")
                }
                expectNoCanary(error)
            }
        }
    }
}
