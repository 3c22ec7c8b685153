// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ManagerStopTests {
    private let source = ScriptedSource()
    private let server = LeaseServer()
    private let clock = VirtualClock()
    private let steps = Journal<String>()
    private let informer: Informer<Widget>
    private let elector: LeaderElector

    init() throws {
        informer = Informer(source, clock: AnyClock(clock), random: .fixed(0), logger: .silent)
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
    }

    private func manager(
        services: [any ServiceLifecycle.Service] = [],
        informers: [any SyncingService] = [],
        workers: Int = 1,
        _ reconcile: @escaping @Sendable (ObjectKey) async throws -> ReconcileResult
    ) -> Manager {
        let controller = Controller(
            "test",
            reconciler: ClosureReconciler(reconcile),
            sources: [.for(informer)],
            configuration: ControllerConfiguration(maxConcurrentReconciles: workers),
            clock: AnyClock(clock),
            logger: .silent
        )
        return Manager(
            leaderElector: elector,
            services: services,
            informers: [informer] + informers,
            controllers: [controller],
            // Signals belong to the process, which runs other tests.
            configuration: ManagerConfiguration(shutdownSignals: []),
            logger: .silent
        )
    }

    @Test(
        "81: given a stop, then workers finish with caches that go on, then caches stop, then servers, then the lease"
    )
    func order() async throws {
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        let (steps, server, informer) = (steps, server, informer)
        let noteHolder: @Sendable (String) -> Void = { name in
            steps.append("\(name), the lease is \(server.lease?.holderIdentity ?? "gone")'s")
        }
        let stopping = Gate()
        let manager = manager(
            services: [NotingService(name: "server", note: noteHolder)],
            informers: [NotingService(name: "cache", note: noteHolder)]
        ) { key in
            steps.append("begin \(key.name)")
            await stopping.pass()
            // Whoever is still at work reads from a cache that is still kept up to date.
            await waitUntil { informer.store[.shop("late")] != nil }
            noteHolder("end \(key.name)")
            return .done
        }
        let run = Task { try await manager.run() }
        await steps.first(1)
        await manager.shutDown()
        watch.send(.added(Widget("late", version: 11)))
        stopping.open()
        try await run.value
        #expect(
            steps.entries == [
                "begin a", "end a, the lease is me's", "cache, the lease is me's", "server, the lease is me's",
            ]
        )
        #expect(server.lease?.holderIdentity == "")
    }

    @Test("82: given a lease that another process has taken, then all workers are cancelled at once and the run throws")
    func stolenLease() async throws {
        source.answerList((0..<4).map { Widget("w\($0)") }, version: "10")
        let (steps, clock) = (steps, clock)
        let manager = manager(workers: 4) { _ in
            steps.append("begin")
            do { try await clock.sleep(until: clock.now.advanced(by: .seconds(3600)), tolerance: nil) } catch {
                steps.append("cancelled")
                throw error
            }
            return .done
        }
        let run = Task { try await manager.run() }
        await steps.first(4)
        server.write(holder: "other")
        await waitUntil { clock.nextDelay == .seconds(2) }
        clock.advance(by: .seconds(2))
        let error = await #expect(throws: LeadershipLostError.self) { try await run.value }
        #expect(error?.reason == "other has taken the lease")
        #expect(steps.entries == Array(repeating: "begin", count: 4) + Array(repeating: "cancelled", count: 4))
        // No time was granted, and what is another's stays so.
        #expect(clock.now.offset == .seconds(2))
        #expect(server.lease?.holderIdentity == "other")
    }
}

/// Says when it is told to stop.
private struct NotingService: SyncingService {
    let name: String
    let note: @Sendable (String) -> Void
    let hasSynced = true

    func waitForSync() async throws(CancellationError) {}

    func run() async throws {
        try? await gracefulShutdown()
        note(name)
    }
}
