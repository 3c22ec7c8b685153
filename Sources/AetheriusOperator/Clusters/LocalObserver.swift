// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

/// Runs the agent of the operator's own cluster in the operator's process, for as long as a ClusterAgent asks for it.
///
/// Only the process that leads watches: two agents would write the same status.
struct LocalObserver: ServiceLifecycle.Service {
    /// How long after a failure, which should not be, another agent is made.
    private static let pause = Duration.seconds(10)

    /// Which ClusterAgent the agent reports to; another one of the same name is another one.
    struct Place: Hashable {
        var name: String
        var uid: String?
    }

    let clusters: Informer<ClusterAgent>
    let makeAgent: @Sendable (_ cluster: String) throws(KubeError) -> ClusterAgentRuntime
    let logger: Logger

    func run() async throws {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let handler = try clusters.addHandler { _ in continuation.yield() }
        defer { clusters.removeHandler(handler) }
        await cancelWhenGracefulShutdown { await follow(changes) }
    }

    private func follow(_ changes: AsyncStream<Void>) async {
        var place: Place?
        var watching: Task<Void, Never>?
        for await _ in changes {
            let wanted = Self.place(among: clusters.store.list())
            guard wanted != place else { continue }
            watching?.cancel()
            await watching?.value
            place = wanted
            watching = wanted.map { wanted in Task { await watch(wanted.name) } }
        }
        watching?.cancel()
        await watching?.value
    }

    /// The ClusterAgent whose agent the operator's process is to run; nil if there is none.
    static func place(among clusters: [ClusterAgent]) -> Place? {
        ClusterAgent.firstLocal(among: clusters).flatMap { agent in
            agent.isInProcess ? Place(name: agent.metadata.name, uid: agent.metadata.uid) : nil
        }
    }

    private func watch(_ cluster: String) async {
        while !Task.isCancelled {
            do {
                logger.info("watching the operator's own cluster", metadata: ["cluster_id": "\(cluster)"])
                try await makeAgent(cluster).run()
            } catch {
                if Task.isCancelled { return }
                logger.error(
                    "the operator's own cluster cannot be watched; it is tried again",
                    metadata: ["cluster_id": "\(cluster)", "error": "\(error)"]
                )
            }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }
}
