// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import ServiceLifecycle
import Testing

extension ManagerTests {
    @Test(
        "81: given a stop, then workers finish with caches that go on, then caches stop, then servers, then the lease"
    )
    func order() async throws {
        source.answerList([Widget("a"), Widget("b")], version: "10")
        let watch = source.answerWatch()
        let (steps, server, informer) = (steps, server, informer)
        let noteHolder: @Sendable (String) -> Void = { name in
            steps.append("\(name), the lease is \(server.lease?.holderIdentity ?? "gone")'s")
        }
        let stopping = Gate()
        let controller = controller { _ in
            steps.append("begin")
            await stopping.pass()
            // Whoever is still at work reads from a cache that is still kept up to date.
            await waitUntil { informer.store[.shop("late")] != nil }
            noteHolder("end")
            return .done
        }
        let manager = manager(
            controller,
            services: [NotingService(name: "server", note: noteHolder)],
            informers: [NotingService(name: "cache", note: noteHolder)]
        )
        let run = Task { try await manager.run() }
        await steps.first(2)
        await stop(manager, controller)
        watch.send(.added(Widget("late", version: 11)))
        stopping.open()
        try await run.value
        #expect(
            steps.entries == [
                "synced", "begin", "end, the lease is me's", "cache, the lease is me's", "server, the lease is me's",
            ]
        )
        #expect(server.lease?.holderIdentity == "")
    }

    @Test("82: given a lease that another process has taken, then all workers are cancelled at once and the run throws")
    func stolenLease() async throws {
        source.answerList((0..<4).map { Widget("w\($0)") }, version: "10")
        let manager = manager(patientController(workers: 4))
        let run = Task { try await manager.run() }
        await steps.first(5)
        server.write(holder: "other")
        await waitUntil { clock.nextDelay == .seconds(2) }
        clock.advance(by: .seconds(2))
        let error = await #expect(throws: LeadershipLostError.self) { try await run.value }
        #expect(error?.reason == "other has taken the lease")
        #expect(
            steps.entries == ["synced"] + Array(repeating: "begin", count: 4) + Array(repeating: "cancelled", count: 4)
        )
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
