// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeTesting
import Synchronization

/// Simulated agents, and their hub.
final class Fleet: Sendable {
    let cluster: TestCluster
    let names: [String]
    let watch: FleetWatch
    let renewals = Renewals()
    private let running = Mutex<[String: Task<Void, Never>]>([:])
    private let failures = Mutex<[String]>([])

    private init(_ cluster: TestCluster, count: Int) {
        self.cluster = cluster
        names = (0..<count).map { "agent-\($0)" }
        watch = FleetWatch(cluster)
    }

    /// Works with a fleet, of which nothing runs any more when this returns.
    static func with<Value>(
        _ cluster: TestCluster,
        count: Int,
        _ body: (Fleet) async throws -> Value
    ) async throws -> Value {
        let fleet = Fleet(cluster, count: count)
        let watching = Task { await fleet.watch.run() }
        defer {
            watching.cancel()
            fleet.end(fleet.names)
        }
        return try await body(fleet)
    }

    /// Makes a ClusterAgent for each agent, and starts the agents as soon as the hub lets them in.
    /// - Returns: how long it took until all were online.
    func register() async throws -> Duration {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, name) in names.enumerated() {
                if index >= 20 { try await group.next() }
                try check()
                group.addTask { try await self.begin(name) }
            }
            try await group.waitForAll()
        }
        try await watch.wait(for: .online, names.count, within: .seconds(600))
        try check()
        return start.duration(to: .now)
    }

    private func begin(_ name: String) async throws {
        var agent = ClusterAgent(metadata: ObjectMeta(name: name), spec: .init(mode: .remote))
        agent.spec.accepted = true
        _ = try await cluster.client.resources(ClusterAgent.self).create(agent)
        let simulated = try await SimulatedAgent(name: name, on: cluster, renewals: renewals)
        let task = Task {
            do {
                try await simulated.run()
            } catch {
                if !Task.isCancelled { self.failures.withLock { $0.append("\(name): \(error)") } }
            }
        }
        running.withLock { $0[name] = task }
    }

    /// Ends agents without a goodbye.
    func end(_ names: [String]) {
        let tasks = running.withLock { running in names.compactMap { running.removeValue(forKey: $0) } }
        for task in tasks { task.cancel() }
    }

    /// Fails if an agent has ended that should not have.
    func check() throws {
        let failures = failures.withLock { $0 }
        guard let first = failures.first else { return }
        throw BenchmarkError(message: "\(failures.count) simulated agents failed, such as \(first)")
    }
}
