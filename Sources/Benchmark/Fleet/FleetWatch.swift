// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeTesting
import Synchronization

/// Sees what the hub makes of each agent, and when.
final class FleetWatch: Sendable {
    /// A change of an agent's phase.
    struct Change: Sendable {
        var name: String
        var phase: ClusterAgent.Phase?
        var at: ContinuousClock.Instant
    }

    private struct State {
        var phases: [String: ClusterAgent.Phase] = [:]
        var changes: [Change] = []
    }

    private let state = Mutex(State())
    private let agents: ResourceClient<ClusterAgent>

    init(_ cluster: TestCluster) { agents = cluster.client.resources(ClusterAgent.self) }

    /// How many agents, beside the operator's own, are in a phase.
    func count(_ phase: ClusterAgent.Phase) -> Int {
        state.withLock { $0.phases.count { $0.key != AetheriusGroup.localClusterName && $0.value == phase } }
    }

    /// The changes to a phase since a moment.
    func changes(to phase: ClusterAgent.Phase, since start: ContinuousClock.Instant) -> [Change] {
        state.withLock { $0.changes.filter { $0.phase == phase && $0.at >= start } }
    }

    /// Watches until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                let list = try await agents.list()
                for agent in list.items { note(agent) }
                let stream = try await agents.watch(WatchOptions(resourceVersion: list.metadata.resourceVersion))
                for try await event in stream {
                    switch event {
                    case .added(let agent), .modified(let agent): note(agent)
                    case .deleted, .bookmark: continue
                    case .error(let status): throw KubeError(status: status)
                    }
                }
            } catch {
                // The server ends watches; what was missed is in the next list.
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Waits until so many agents are in a phase.
    func wait(for phase: ClusterAgent.Phase, _ wanted: Int, within limit: Duration) async throws {
        let deadline = ContinuousClock.now + limit
        while count(phase) < wanted {
            guard ContinuousClock.now < deadline else {
                throw BenchmarkError(message: "after \(limit) only \(count(phase)) of \(wanted) agents are \(phase)")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func note(_ agent: ClusterAgent) {
        let (name, phase, now) = (agent.metadata.name, agent.status.phase, ContinuousClock.now)
        state.withLock { state in
            guard state.phases[name] != phase else { return }
            state.phases[name] = phase
            state.changes.append(Change(name: name, phase: phase, at: now))
        }
    }
}
