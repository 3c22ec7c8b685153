// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeTesting
import Logging
import Observability
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite(.timeLimit(.minutes(5)))
struct HealthSiteTests {
    /// What a test changes while the server runs.
    private final class State: Sendable {
        let problem = Mutex<String?>(nil)
    }

    private func site(_ state: State, at address: BindAddress, _ threshold: LogThreshold = .init(.info)) -> HTTPSite {
        .health(
            at: address,
            version: "1.2.3",
            logThreshold: threshold,
            liveness: { [HealthCheck(name: "loop", duration: .milliseconds(2))] },
            readiness: { [HealthCheck(name: "cache", problem: state.problem.withLock { $0 })] }
        )
    }

    @Test("given a process that can work, then every probe is answered with 200 and the checks as JSON")
    func healthy() async throws {
        try await withServer(site(State(), at: BindAddress(host: "127.0.0.1", port: 0))) { port in
            for path in ["healthz", "livez", "health/live"] {
                let answer = try await HTTPAnswer.of("http://127.0.0.1:\(port)/\(path)")
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "application/json")
                #expect(
                    answer.body == #"{"status":"healthy","checks":[{"name":"loop","healthy":true,"duration":0.002}],"#
                        + #""version":"1.2.3"}"#
                )
            }
            for path in ["readyz", "health", "health/ready"] {
                #expect(try await HTTPAnswer.of("http://127.0.0.1:\(port)/\(path)").status == 200)
            }
            #expect(try await HTTPAnswer.of("http://127.0.0.1:\(port)/metrics").status == 404)
        }
    }

    @Test("given a process that waits for something, then it lives, is not ready, and says what it waits for")
    func notReady() async throws {
        let state = State()
        state.problem.withLock { $0 = "the \"list\" is not complete" }
        try await withServer(site(state, at: BindAddress(host: "127.0.0.1", port: 0))) { port in
            #expect(try await HTTPAnswer.of("http://127.0.0.1:\(port)/healthz").status == 200)
            let answer = try await HTTPAnswer.of("http://127.0.0.1:\(port)/readyz")
            #expect(answer.status == 503)
            let body = try JSON.decode(JSONValue.self, from: Array(answer.body.utf8))
            #expect(body["status"] == "unhealthy")
            let check = body["checks"]?.arrayValue?.first
            #expect(check?["name"] == "cache")
            #expect(check?["healthy"] == false)
            #expect(check?["error"] == "the \"list\" is not complete")
            state.problem.withLock { $0 = nil }
            #expect(try await HTTPAnswer.of("http://127.0.0.1:\(port)/readyz").status == 200)
        }
    }

    @Test("given a client on the same machine, then it can see and change the log level, to one that exists")
    func logLevel() async throws {
        let threshold = LogThreshold(.info)
        // All addresses, so that the client's is one of IPv4 written as one of IPv6 where the machine has both.
        try await withServer(site(State(), at: BindAddress(port: 0), threshold)) { port in
            let url = "http://127.0.0.1:\(port)/log-level"
            #expect(try await HTTPAnswer.of(url).body == "info\n")
            let wrong = try await HTTPAnswer.of(url, "-X", "PUT", "--data", "loud")
            #expect(wrong.status == 400)
            #expect(wrong.body.contains("trace, debug, info, notice, warning, error, critical"))
            #expect(threshold.level == .info)
            #expect(
                try await HTTPAnswer.of(url, "-X", "PUT", "--data", String(repeating: "x", count: 99)).status == 413
            )
            let right = try await HTTPAnswer.of(url, "-X", "PUT", "--data", "debug")
            #expect(right.status == 200)
            #expect(threshold.level == .debug)
            #expect(try await HTTPAnswer.of(url, "-X", "DELETE").status == 404)
        }
    }

    /// An address of this machine that others could reach it by.
    private static let ownAddress: String? = {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return nil }
        defer { freeifaddrs(first) }
        for entry in sequence(first: first, next: { $0?.pointee.ifa_next }) {
            guard let entry, let address = entry.pointee.ifa_addr, address.pointee.sa_family == AF_INET,
                entry.pointee.ifa_flags & UInt32(IFF_LOOPBACK) == 0
            else { continue }
            var text = [CChar](repeating: 0, count: 64)
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            guard getnameinfo(address, length, &text, 64, nil, 0, NI_NUMERICHOST) == 0 else { continue }
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return nil
    }()

    @Test(
        "given a client that does not come from the same machine's loopback, then the log level is none of its business",
        .enabled(if: ownAddress != nil)
    )
    func logLevelFromElsewhere() async throws {
        let threshold = LogThreshold(.info)
        let address = try #require(Self.ownAddress)
        try await withServer(site(State(), at: BindAddress(port: 0), threshold)) { port in
            let url = "http://\(address):\(port)/log-level"
            let asked = try await HTTPAnswer.of(url)
            #expect(asked.status == 403 && !asked.body.contains("info"))
            #expect(try await HTTPAnswer.of(url, "-X", "PUT", "--data", "debug").status == 403)
            #expect(threshold.level == .info)
            #expect(try await HTTPAnswer.of("http://\(address):\(port)/healthz").status == 200)
        }
    }

    @Test("given a port that is taken, then the error names the endpoint and the address")
    func taken() async throws {
        let address = BindAddress(host: "127.0.0.1", port: 0)
        try await withServer(site(State(), at: address)) { port in
            let taken = BindAddress(host: "127.0.0.1", port: port)
            // The other site must not keep the error back.
            let server = HTTPServer([site(State(), at: address), site(State(), at: taken)], logger: .silent)
            let error = await #expect(throws: HTTPServerError.self) { try await server.run() }
            let text = try #require(error).description
            #expect(text.hasPrefix("the health endpoint cannot listen at 127.0.0.1:\(port): "))
        }
    }
}
