// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite(.timeLimit(.minutes(5)))
struct LeaderElectorTests {
    private let server = LeaseServer()
    private let clock = VirtualClock()

    private func elector(_ identity: String = "me") throws -> LeaderElector {
        try LeaderElector(
            leases: server,
            name: "operator",
            namespace: "system",
            configuration: LeaderElectionConfiguration(identity: identity),
            clock: AnyClock(clock),
            wallClock: { Timestamp(seconds: 1_000_000) },
            random: .fixed(0),
            logger: .silent
        )
    }

    /// Waits for requests, then for the pause after them, and ends that pause.
    private func pass(requests: Int, pause: Duration) async {
        await server.requests.first(requests)
        // A request that is under way sleeps towards its timeout; a pause is the only sleeper with this delay.
        await waitUntil { clock.sleeperCount == 1 && clock.nextDelay == pause }
        clock.advance(by: pause)
    }

    @Test("70: given no competition, then the requests are get, create, update; on a conflict get and update again")
    func sequence() async throws {
        let elector = try elector()
        let run = Task { try await elector.run() }
        try await elector.waitForLeadership()
        #expect(elector.isLeader && elector.holder == "me")
        await pass(requests: 2, pause: .seconds(2))
        await server.requests.first(3)
        await waitUntil { clock.sleeperCount == 1 && clock.nextDelay == .seconds(2) }
        server.fail(.fail(.conflict))
        await pass(requests: 3, pause: .seconds(2))
        #expect(await server.requests.first(6) == ["get", "create", "update", "update", "get", "update"])
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        // Cancelled, not stopped: the lease runs out by itself.
        #expect(server.lease?.holderIdentity == "me")
    }

    @Test("71: given a server that is gone, then the lead is lost at the deadline and the run throws")
    func lost() async throws {
        let elector = try elector()
        let run = Task { try await elector.run() }
        try await elector.waitForLeadership()
        server.failAlways(.fail(.connection))
        for pause in [Duration.seconds(2), .seconds(2), .seconds(2), .seconds(1)] {
            await waitUntil { clock.sleeperCount == 1 && clock.nextDelay == pause }
            #expect(elector.isLeader)
            clock.advance(by: pause)
        }
        await #expect(throws: LeadershipLostError.self) { try await run.value }
        #expect(!elector.isLeader)
        #expect(clock.now.offset == .seconds(7))
    }

    @Test("given requests that hang, then each ends by its timeout and the lead is still lost at the deadline")
    func hang() async throws {
        let elector = try elector()
        let run = Task { try await elector.run() }
        try await elector.waitForLeadership()
        await waitUntil { clock.sleeperCount == 1 && clock.nextDelay == .seconds(2) }
        server.failAlways(.hang)
        clock.advance(by: .seconds(2))
        await server.requests.first(3)
        await waitUntil { clock.nextDelay == .milliseconds(3500) }
        clock.advance(by: .milliseconds(3500))
        // It tries once more, for as long as there is time.
        await server.requests.first(4)
        await waitUntil { clock.nextDelay == .milliseconds(1500) }
        clock.advance(by: .milliseconds(1500))
        await #expect(throws: LeadershipLostError.self) { try await run.value }
    }

    @Test("68: given another leader that does not renew, then this one leads after the lease's duration")
    func twoCandidates() async throws {
        server.write(holder: "other")
        let elector = try elector()
        let run = Task { try await elector.run() }
        for _ in 0..<5 {
            await waitUntil { clock.sleeperCount == 1 && clock.nextDelay == .seconds(2) }
            #expect(!elector.isLeader && elector.holder == "other")
            clock.advance(by: .seconds(2))
        }
        try await elector.waitForLeadership()
        #expect(server.lease?.leaseTransitions == 4)
        run.cancel()
        _ = await run.result
    }
}
