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
    private let news = Mutex<(@Sendable (String, News) -> Void)?>(nil)

    /// Why somebody should look at an agent.
    enum News: Sendable {
        /// Its heartbeat has begun, changed hands or ended.
        case heartbeat
        /// Its Lease is gone, and has to be made anew unless the agent is to go.
        case leaseGone
    }

    init(leases: Informer<Lease>, clock: AnyClock = .continuous) {
        self.leases = leases
        self.clock = clock
    }

    /// Sets whom to tell the name of an agent that should be looked at.
    func onNews(_ tell: @escaping @Sendable (String, News) -> Void) { news.withLock { $0 = tell } }

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
        let found: News? = book.withLock { book in
            switch event {
            case .added(let lease, let isInitial):
                return book.record(Beat(lease), of: cluster, isInitial: isInitial, at: clock.now, .now)
                    ? .heartbeat : nil
            case .updated(_, let lease):
                return book.record(Beat(lease), of: cluster, isInitial: false, at: clock.now, .now) ? .heartbeat : nil
            // What was observed stays true.
            case .deleted: return .leaseGone
            }
        }
        if let found { news.withLock { $0 }?(cluster, found) }
    }
}
