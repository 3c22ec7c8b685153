// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ManagerTests {
    let source = ScriptedSource()
    let server = LeaseServer()
    let clock = VirtualClock()
    let steps = Journal<String>()
    let informer: Informer<Widget>
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

    func controller(
        workers: Int = 1,
        _ reconcile: @escaping @Sendable (ObjectKey) async throws -> ReconcileResult
    ) -> Controller<ClosureReconciler> {
        Controller(
            "test",
            reconciler: ClosureReconciler(reconcile),
            sources: [.for(informer)],
            configuration: ControllerConfiguration(maxConcurrentReconciles: workers),
            clock: AnyClock(clock),
            logger: .silent
        )
    }

    /// A controller whose workers wait for an hour, or until they are cancelled.
    func patientController(workers: Int = 1) -> Controller<ClosureReconciler> {
        controller(workers: workers) { [steps, clock] _ in
            steps.append("begin")
            do { try await clock.sleep(until: clock.now.advanced(by: .seconds(3600)), tolerance: nil) } catch {
                steps.append("cancelled")
                throw error
            }
            return .done
        }
    }

    func manager(
        _ controller: Controller<ClosureReconciler>,
        services: [any ServiceLifecycle.Service] = [],
        informers: [any SyncingService] = [],
        gracePeriod: Duration = .seconds(30)
    ) -> Manager {
        Manager(
            leaderElector: elector,
            services: services,
            informers: [informer] + informers,
            controllers: [controller],
            configuration: ManagerConfiguration(
                gracePeriod: gracePeriod,
                // Signals belong to the process, which runs other tests.
                shutdownSignals: [],
                afterInitialSync: { [steps] in steps.append("synced") }
            ),
            logger: .silent
        )
    }

    /// Stops while one request is being worked on and another one waits, and returns when the stop has arrived.
    func stop(_ manager: Manager, _ controller: Controller<ClosureReconciler>) async {
        await waitUntil { controller.queueDepth == 1 }
        await manager.shutDown()
        await waitUntil { controller.queueDepth == 0 }
    }

    @Test("given a start, then informers sync first, then the lease is taken, then the controllers work")
    func startOrder() async throws {
        source.answerList([Widget("a")], version: "10")
        server.write(holder: "other")
        let controller = controller { [steps, elector, informer] _ in
            #expect(elector.isLeader && informer.hasSynced)
            steps.append("reconcile")
            return .done
        }
        let manager = manager(controller)
        let run = Task { try await manager.run() }
        try await manager.waitForSync()
        await waitUntil { clock.sleeperCount == 1 && clock.nextDelay == .seconds(2) }
        // Another process leads: nothing may be done.
        #expect(steps.entries == ["synced"])
        server.write(holder: "")
        clock.advance(by: .seconds(2))
        #expect(await steps.first(2) == ["synced", "reconcile"])
        await manager.shutDown()
        try await run.value
    }

    @Test("81: given a stop, then what is under way is finished, nothing else begun, and the lease given back last")
    func stop() async throws {
        source.answerList([Widget("a"), Widget("b")], version: "10")
        let gate = Gate()
        let controller = controller { [steps, server] key in
            steps.append("begin \(key.name)")
            await gate.pass()
            #expect(!Task.isCancelled)
            #expect(server.lease?.holderIdentity == "me")
            steps.append("end \(key.name)")
            return .done
        }
        let manager = manager(controller)
        let run = Task { try await manager.run() }
        await steps.first(2)
        await stop(manager, controller)
        #expect(server.lease?.holderIdentity == "me")
        gate.open()
        try await run.value
        #expect(steps.count == 3)
        #expect(server.lease?.holderIdentity == "")
        #expect(server.requests.entries.suffix(2) == ["get", "update"])
    }

    @Test("72: given a stop after another process has taken the lease, then it is left alone")
    func stopWithoutLease() async throws {
        source.answerList([Widget("a")], version: "10")
        let controller = controller { [steps] _ in
            steps.append("reconcile")
            return .done
        }
        let manager = manager(controller)
        let run = Task { try await manager.run() }
        await steps.first(2)
        server.write(holder: "other")
        await manager.shutDown()
        try await run.value
        #expect(server.lease?.holderIdentity == "other")
    }

    @Test("81: given a reconciliation that outlives the grace period, then it is cancelled and the run throws")
    func graceExceeded() async throws {
        source.answerList([Widget("a")], version: "10")
        let manager = manager(patientController(), gracePeriod: .milliseconds(20))
        let run = Task { try await manager.run() }
        await steps.first(2)
        await manager.shutDown()
        await #expect(throws: CancellationError.self) { try await run.value }
        #expect(steps.entries == ["synced", "begin", "cancelled"])
        // Not everything has ended in good order, so the lease runs out by itself.
        #expect(server.lease?.holderIdentity == "me")
    }

    @Test("82: given a lost lease, then the reconciliations are cancelled and the run throws")
    func lostLease() async throws {
        source.answerList([Widget("a")], version: "10")
        let manager = manager(patientController())
        let run = Task { try await manager.run() }
        await steps.first(2)
        server.failAlways(.fail(.connection))
        for pause in [Duration.seconds(2), .seconds(2), .seconds(2), .seconds(1)] {
            await waitUntil { clock.sleeperCount == 2 && clock.nextDelay == pause }
            clock.advance(by: pause)
        }
        await #expect(throws: LeadershipLostError.self) { try await run.value }
        #expect(steps.entries.last == "cancelled")
    }

    @Test("given an informer that has not synced, then the readiness names it; once it has, nothing is missing")
    func readiness() async throws {
        let manager = manager(controller { _ in .done })
        #expect(!manager.readiness.isPassing)
        #expect(manager.readiness.failing.map(\.name) == ["informer-sync: Informer<Widget>"])
        source.answerList([], version: "10")
        let run = Task { try await manager.run() }
        try await manager.waitForSync()
        #expect(manager.readiness.isPassing)
        #expect(manager.readiness.checks.map(\.name) == ["informer-sync: Informer<Widget>", "shutdown"])
        try await elector.waitForLeadership()
        #expect(manager.liveness.isPassing && manager.liveness.checks.map(\.name) == ["leader-election"])
        run.cancel()
        _ = await run.result
        // Cancelled while it led: nobody notices any more that the lease runs out, 3 s after the deadline.
        clock.advance(by: .seconds(7 + 3 + 20))
        #expect(manager.liveness.isPassing)
        clock.advance(by: .milliseconds(1))
        #expect(manager.liveness.failing.map(\.name) == ["leader-election"])
    }

    @Test("given an informer that never syncs, when stopped, then everything ends")
    func stopBeforeSync() async throws {
        let manager = manager(controller { _ in .done })
        let run = Task { try await manager.run() }
        await source.requests.first(1)
        await manager.shutDown()
        try await run.value
        // A process that has read nothing does not take part.
        #expect(server.requests.count == 0)
        #expect(steps.count == 0)
    }
}
