// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

/// A stop that comes while a request for the lease is under way.
@Suite(.timeLimit(.minutes(5)))
struct LeaseReleaseTests {
    private let server = LeaseServer()
    private let clock = VirtualClock()
    private let elector: LeaderElector
    private let manager: Manager

    init() throws {
        elector = try LeaderElector(
            leases: server,
            name: "operator",
            namespace: "system",
            configuration: LeaderElectionConfiguration(identity: "me"),
            clock: AnyClock(clock),
            wallClock: { Timestamp(seconds: 0) },
            random: .fixed(0),
            logger: .silent
        )
        manager = Manager(
            leaderElector: elector,
            informers: [],
            controllers: [],
            // Signals belong to the process, which runs other tests.
            configuration: ManagerConfiguration(shutdownSignals: []),
            logger: .silent
        )
    }

    /// Runs until a request is under way as described, then stops.
    /// - Parameters:
    ///   - requests: how many requests there have been by then, the one under way among them.
    ///   - faults: what happens to the requests that follow the first renewal.
    private func stop(after requests: Int, _ faults: LeaseServer.Fault..., meanwhile: () -> Void = {}) async throws {
        let run = Task { try await manager.run() }
        try await elector.waitForLeadership()
        await waitUntil { clock.sleeperCount == 1 && clock.nextDelay == .seconds(2) }
        for fault in faults { server.fail(fault) }
        clock.advance(by: .seconds(2))
        await server.requests.first(requests)
        meanwhile()
        await manager.shutDown()
        try await run.value
    }

    @Test(
        "72: given a stop while a renewal is in flight, done or not, then the lease is given back",
        arguments: [LeaseServer.Fault.hang, .hangAfterwards]
    )
    func update(_ fault: LeaseServer.Fault) async throws {
        try await stop(after: 3, fault)
        #expect(server.lease?.holderIdentity == "" && server.lease?.leaseTransitions == 0)
        #expect(server.requests.entries == ["get", "create", "update", "get", "update"])
    }

    @Test("72: given a stop while the lease is read after a conflict, then it is given back")
    func get() async throws {
        try await stop(after: 4, .fail(.conflict), .hang)
        #expect(server.lease?.holderIdentity == "")
        #expect(server.requests.entries == ["get", "create", "update", "get", "get", "update"])
    }

    @Test("72: given that another process takes the lease while a request is in flight, then a stop leaves it alone")
    func taken() async throws {
        try await stop(after: 3, .hang) { server.write(holder: "other") }
        #expect(server.lease?.holderIdentity == "other")
        #expect(server.requests.entries == ["get", "create", "update", "get"])
    }

    @Test("given a stop while the server is away, then the lease is left to run out")
    func serverAway() async throws {
        try await stop(after: 3, .hang, .fail(.connection))
        #expect(server.lease?.holderIdentity == "me")
        #expect(server.requests.entries == ["get", "create", "update", "get"])
    }

    @Test(
        "72: given a stop while a lease is taken, done or not, then nobody holds it afterwards",
        arguments: [LeaseServer.Fault.hang, .hangAfterwards]
    )
    func create(_ fault: LeaseServer.Fault) async throws {
        server.fail(.fail(.notFound), fault)
        let run = Task { try await manager.run() }
        await server.requests.first(2)
        await manager.shutDown()
        try await run.value
        #expect(server.lease?.holderIdentity ?? "" == "")
    }

    @Test("72: given a stop while a candidate looks at another's lease, then nothing is written")
    func candidate() async throws {
        server.write(holder: "other")
        server.fail(.hang)
        let run = Task { try await manager.run() }
        await server.requests.first(1)
        await manager.shutDown()
        try await run.value
        #expect(server.lease?.holderIdentity == "other")
        #expect(!server.requests.entries.contains("update"))
    }
}
