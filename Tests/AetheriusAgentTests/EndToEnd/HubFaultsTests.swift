// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@testable import AetheriusAgent

@Suite("A hub that fails", .timeLimit(.minutes(10)))
struct HubFaultsTests {
    private func record(_ number: Int, on ground: AgentGround) async throws {
        try await ground.cluster.recordEvent(
            "event-\(number)",
            "FailedToUpdateEndpoint",
            about: ObjectReference(
                apiVersion: "v1",
                kind: "Service",
                namespace: ground.namespace,
                name: "service-\(number)"
            ),
            message: "no"
        )
    }

    @Test(
        "given resets, refusals and silence on the way to the hub, when they end, then the hub hears of every open incident, with true totals, and of the agent's life",
        arguments: [UInt64(3)]
    )
    func recovered(seed: UInt64) async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster) { $0.report.events.reasons = ["FailedToUpdateEndpoint"] }
        let proxy = try FaultProxy(to: cluster, schedule: FaultSchedule(seed: seed))
        defer { proxy.stop() }
        var configuration = proxy.configuration(client: "agent")
        configuration.transport.retries = .none
        try await withAgent(ground, hub: try KubernetesClient(configuration: configuration)) { _ in
            // More than a report holds at once.
            for number in 0..<25 {
                try await record(number, on: ground)
                // Nothing is waited for: the events are to be spread over the time of the faults.
                try await Task.sleep(for: .milliseconds(200))
            }
            proxy.stopFaults()
            var told: Set<String> = []
            let seen = try await ground.report { report in
                told.formUnion(report.events?.items.map(\.object.name).filter { $0.hasPrefix("service-") } ?? [])
                return told.count == 25
            }
            #expect(seen.status.agent?.events?.dropped == 0)
            #expect(seen.status.agent?.events?.total == 25)
            _ = try await ground.leases.wait(for: ground.name) { $0.holderIdentity == "test_1" }
        }
        #expect(try await ground.leases.get(ground.name).holderIdentity ?? "" == "")
    }

    /// Ways in which a hub can be hard to reach for a while.
    enum Hardship: Sendable, CaseIterable {
        /// All connections are reset, once a second.
        case resets
        /// Every request is answered with 429.
        case refusals
    }

    @Test(
        "given connections that are reset each second, or an API server that refuses everything for a while, then the agent asks no faster than before, and the hub hears of every open incident",
        arguments: Hardship.allCases
    )
    func enduring(hardship: Hardship) async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster) { $0.report.events.reasons = ["FailedToUpdateEndpoint"] }
        let refusals = FaultSchedule(seed: 1, faults: [.tooManyRequests, .tooManyRequestsWithRetryAfter], rate: 1)
        let proxy = try FaultProxy(to: cluster, schedule: hardship == .refusals ? refusals : .init(seed: 1, rate: 0))
        defer { proxy.stop() }
        var configuration = proxy.configuration(client: "agent")
        configuration.transport.retries = .none
        try await withAgent(ground, hub: try KubernetesClient(configuration: configuration)) { _ in
            if hardship == .resets { _ = try await ground.report { $0.clusterUID != nil } }
            let start = ContinuousClock.now
            for number in 0..<12 {
                try await record(number, on: ground)
                try await Task.sleep(for: .seconds(1))
                if hardship == .resets { proxy.resetConnections() }
            }
            let seconds = start.duration(to: .now) / .seconds(1)
            let requests = proxy.statistics.requests.values.reduce(0, +)
            // Four things of an agent go to the hub: its heartbeat, its report, and two watches with their lists.
            #expect(Double(requests) < 8 * seconds, "\(requests) requests in \(seconds) s")
            proxy.stopFaults()
            var told: Set<String> = []
            let seen = try await ground.report { report in
                told.formUnion(report.events?.items.map(\.object.name).filter { $0.hasPrefix("service-") } ?? [])
                return told.count == 12
            }
            #expect(seen.status.agent?.events?.dropped == 0)
            _ = try await ground.leases.wait(for: ground.name) { $0.holderIdentity == "test_1" }
        }
    }
}
