// SPDX-License-Identifier: Apache-2.0
public import KubeClient
import Synchronization

/// Stands between a client and a real API server, and treats the client badly.
///
/// It listens on a free port of the loopback interface, speaks HTTP/1.1 in the clear, and passes requests on to the
/// server of a ``TestCluster`` with the administrator's rights. Events of a watch are passed on one by one as they
/// come. What it does to lists, watches and writes on the way is what its ``FaultSchedule`` says; other requests pass
/// unharmed.
///
/// ```swift
/// let proxy = try FaultProxy(to: cluster, schedule: FaultSchedule(seed: 7))
/// let client = try KubernetesClient(configuration: proxy.configuration(client: "informer"))
/// …
/// proxy.stopFaults()
/// …
/// proxy.stop()
/// ```
public final class FaultProxy: Sendable {
    struct State {
        var statistics = Statistics()
        /// How many requests of each kind a client has made.
        var numbers: [String: [RequestKind: Int]] = [:]
        var connections: Set<LoopbackSocket> = []
        var isFaulty = true
        var isStopped = false
    }

    /// What happens to which request.
    public let schedule: FaultSchedule
    /// The port of the loopback interface that it listens on.
    public let port: Int
    let server: UpstreamServer
    let state = Mutex(State())
    private let listener: LoopbackSocket

    /// Starts a proxy.
    /// - Throws: ``TestClusterError`` if no port can be listened on, or the cluster's credentials cannot be read.
    public init(to cluster: TestCluster, schedule: FaultSchedule) throws {
        self.schedule = schedule
        server = try UpstreamServer(cluster.client.configuration)
        (listener, port) = try LoopbackSocket.listening()
        startThread { [self] in acceptConnections() }
    }

    /// How a client reaches the server through this proxy.
    /// - Parameter client: the client's name, which decides what happens to it; goes into `User-Agent`.
    public func configuration(client: String) -> ClientConfiguration {
        var configuration = ClientConfiguration(server: "http://127.0.0.1:\(port)", userAgent: client)
        configuration.proxy = .none
        return configuration
    }

    /// Lets everything pass unharmed from now on.
    ///
    /// What has stalled stays so: whoever waits there has to notice that by itself.
    public func stopFaults() { state.withLock { $0.isFaulty = false } }

    /// Resets all connections that there are now; new ones are served.
    public func resetConnections() {
        // With the lock, because the number of a connection that ends may be given to another socket.
        state.withLock { state in
            for connection in state.connections {
                connection.resetOnClose()
                connection.wakeUp()
            }
        }
    }

    /// Ends all connections.
    ///
    /// The proxy listens no more. Does nothing when called again.
    public func stop() {
        let (isFirst, connections) = state.withLock { state in
            defer { state.isStopped = true }
            return (!state.isStopped, state.connections)
        }
        guard isFirst else { return }
        listener.wakeUp()
        for connection in connections { connection.wakeUp() }
    }

    var isStopped: Bool { state.withLock(\.isStopped) }

    /// Notes a request, and says what happens to it.
    func plan(for request: ProxiedRequest) -> FaultSchedule.Plan? {
        let kind = request.kind
        let number: Int? = state.withLock { state in
            state.statistics.requests[kind, default: 0] += 1
            guard state.isFaulty else { return nil }
            defer { state.numbers[request.client, default: [:]][kind, default: 0] += 1 }
            return state.numbers[request.client]?[kind] ?? 0
        }
        return number.flatMap { schedule.plan(for: kind, number: $0, client: request.client) }
    }

    /// Whether faults that are due may still happen.
    var isFaulty: Bool { state.withLock(\.isFaulty) }

    func count(_ fault: Fault) { state.withLock { $0.statistics.faults[fault, default: 0] += 1 } }

    func countServerFailure() { state.withLock { $0.statistics.serverFailureCount += 1 } }

    private func acceptConnections() {
        while let socket = listener.accept() {
            let isStopped = state.withLock { state in
                if !state.isStopped { state.connections.insert(socket) }
                return state.isStopped
            }
            if isStopped {
                socket.close()
                break
            }
            startThread { [self] in
                ProxyConnection(socket: socket, proxy: self).serve()
                // Out of the set first: the number may be given to another socket at once.
                _ = state.withLock { $0.connections.remove(socket) }
                socket.close()
            }
        }
        listener.close()
    }
}
