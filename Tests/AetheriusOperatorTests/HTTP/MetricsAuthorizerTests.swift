// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeRuntime
import KubeTesting
import Observability
import Synchronization
import Testing

@testable import AetheriusOperator

/// An API server that answers what a test wants: a real one cannot be made to fail at will.
@Suite(.timeLimit(.minutes(5)))
struct MetricsAuthorizerTests {
    private final class Server: Sendable {
        let asked = Mutex<[String]>([])
        let allowed = Mutex(true)
        let isDenied = Mutex(false)
        let isBroken = Mutex(false)
    }

    private func authorizer(_ server: Server, _ clock: AnyClock) throws -> (MetricsAuthorizer, ScriptedHTTPServer) {
        let http = try ScriptedHTTPServer { request in
            server.asked.withLock { $0.append(request.target) }
            if server.isBroken.withLock({ $0 }) { return ScriptedHTTPServer.answer(403, "{}") }
            let body =
                request.target.contains("tokenreviews")
                ? #"{"status":{"authenticated":\#(!request.body.contains("bad")),"user":{"username":"p","groups":["g"],"extra":{"k":["v"]}}}}"#
                : #"{"status":{"allowed":\#(server.allowed.withLock { $0 }),"denied":\#(server.isDenied.withLock { $0 })}}"#
            return ScriptedHTTPServer.answer(200, body)
        }
        let client = try KubernetesClient(configuration: ClientConfiguration(server: http.url), rateLimiter: nil)
        return (MetricsAuthorizer(client: client, clock: clock, maximumDecisions: 3), http)
    }

    @Test("given a decision, then it is kept for a minute if it is yes and for ten seconds if it is no")
    func keeping() async throws {
        let server = Server()
        let clock = HandClock()
        let (authorizer, http) = try authorizer(server, AnyClock(clock))
        defer { http.stop() }
        #expect(await authorizer.decide("good") == .allowed)
        #expect(
            server.asked.withLock { $0 } == [
                "/apis/authentication.k8s.io/v1/tokenreviews", "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            ]
        )
        server.allowed.withLock { $0 = false }
        clock.move(to: 59)
        #expect(await authorizer.decide("good") == .allowed)
        #expect(server.asked.withLock { $0.count } == 2)
        clock.move(to: 61)
        #expect(await authorizer.decide("good") == .forbidden)
        server.allowed.withLock { $0 = true }
        clock.move(to: 70)
        #expect(await authorizer.decide("good") == .forbidden)
        clock.move(to: 72)
        #expect(await authorizer.decide("good") == .allowed)
    }

    @Test("given an authorizer that denies what another one allows, then the metrics are not for this client")
    func denial() async throws {
        let server = Server()
        let (authorizer, http) = try authorizer(server, .continuous)
        defer { http.stop() }
        server.isDenied.withLock { $0 = true }
        #expect(await authorizer.decide("good") == .forbidden)
    }

    @Test("given no token, a bad one or an endless one, then nobody is known, and only the bad one is asked about")
    func unauthenticated() async throws {
        let server = Server()
        let (authorizer, http) = try authorizer(server, .continuous)
        defer { http.stop() }
        #expect(await authorizer.decide(nil) == .unauthenticated)
        #expect(await authorizer.decide(String(repeating: "a", count: 20_000)) == .unauthenticated)
        #expect(server.asked.withLock { $0.isEmpty })
        #expect(await authorizer.decide("bad") == .unauthenticated)
        #expect(server.asked.withLock { $0.count } == 1)
    }

    @Test("given an API server that does not say, then nothing is decided, and it is asked again the next time")
    func undecided() async throws {
        let server = Server()
        let (authorizer, http) = try authorizer(server, .continuous)
        defer { http.stop() }
        server.isBroken.withLock { $0 = true }
        #expect(await authorizer.decide("good") == .undecided(reason: "forbidden"))
        server.isBroken.withLock { $0 = false }
        #expect(await authorizer.decide("good") == .allowed)
    }

    @Test("given many tokens, then only the newest decisions are kept")
    func bounds() async throws {
        let server = Server()
        let (authorizer, http) = try authorizer(server, .continuous)
        defer { http.stop() }
        for index in 0...3 { _ = await authorizer.decide("bad \(index)") }
        let count = server.asked.withLock { $0.count }
        _ = await authorizer.decide("bad 3")
        #expect(server.asked.withLock { $0.count } == count)
        _ = await authorizer.decide("bad 0")
        #expect(server.asked.withLock { $0.count } == count + 1)
    }
}
