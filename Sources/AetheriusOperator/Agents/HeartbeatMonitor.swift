// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import ServiceLifecycle
import Synchronization

/// Observes the heartbeats of all agents while this process leads.
///
/// It hears of each renewal at once and asks for a look at the agent only if that changes something; that a heartbeat
/// has stopped is found by whoever looked last and noted when to look again.
final class HeartbeatMonitor: ServiceLifecycle.Service {
    private let leases: Informer<Lease>
    private let clock: AnyClock
    private let book = Mutex(HeartbeatBook())
    private let look = Mutex<(@Sendable (String) -> Void)?>(nil)

    init(leases: Informer<Lease>, clock: AnyClock = .continuous) {
        self.leases = leases
        self.clock = clock
    }

    /// Sets whom to tell the name of an agent that should be looked at.
    func onChange(_ look: @escaping @Sendable (String) -> Void) { self.look.withLock { $0 = look } }

    /// What was observed of an agent.
    /// - Parameter limit: how long its heartbeat may be silent.
    func observation(of cluster: String, limit: Duration) -> HeartbeatObservation {
        book.withLock { $0.observation(of: cluster, limit: limit, at: clock.now) }
    }

    /// Forgets an agent that there is no more.
    func forget(_ cluster: String) { book.withLock { $0.forget(cluster) } }

    func run() async throws {
        let handler = try leases.addHandler { [weak self] event in self?.receive(event) }
        defer { leases.removeHandler(handler) }
        try? await gracefulShutdown()
    }

    func receive(_ event: InformerEvent<Lease>) {
        // An agent may change the labels of its Lease, but neither its name nor its namespace.
        guard let cluster = AgentNames.cluster(ofMailbox: event.key.namespace ?? ""),
            event.key.name == AgentNames.lease(cluster)
        else { return }
        let isNews = book.withLock { book in
            switch event {
            case .added(let lease, let isInitial):
                return book.record(Beat(lease), of: cluster, isInitial: isInitial, at: clock.now, .now)
            case .updated(_, let lease):
                return book.record(Beat(lease), of: cluster, isInitial: false, at: clock.now, .now)
            // What was observed stays true. The Lease is made anew, unless the agent is to go.
            case .deleted: return true
            }
        }
        if isNews { look.withLock { $0 }?(cluster) }
    }
}
