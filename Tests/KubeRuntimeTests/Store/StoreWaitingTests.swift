// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Testing

@testable import KubeRuntime

@Suite("Reading one's own writes", .timeLimit(.minutes(5)))
struct StoreWaitingTests {
    private let clock = VirtualClock()
    private let store = Store<Widget>()

    /// Starts to wait for a version of the object "a".
    private func wait(for version: String) -> Task<Result<Void, KubeError>, Never> {
        Task { [store, clock] in
            do throws(KubeError) {
                try await store.waitUntil(
                    resourceVersion: version,
                    of: .shop("a"),
                    timeout: .seconds(5),
                    clock: AnyClock(clock)
                )
                return .success(())
            } catch {
                return .failure(error)
            }
        }
    }

    @Test("given a version that is in, then there is no wait")
    func isIn() async throws {
        store.replace([], resourceVersion: "99")
        try await wait(for: "98").value.get()
        try await wait(for: "99").value.get()
    }

    @Test(
        "given a version that is not in, when a change, a bookmark, a deletion or a list brings it, then the wait ends",
        arguments: [0, 1, 2, 3]
    )
    func comesIn(way: Int) async throws {
        store.replace([Widget("a", version: 5)], resourceVersion: "99")
        let wait = wait(for: "100")
        await clock.waitForSleepers()
        store.apply(Widget("b", version: 99))
        switch way {
        case 0: store.apply(Widget("a", version: 100))
        case 1: store.bookmark(resourceVersion: "101")
        case 2: store.delete(Widget("a", version: 102))
        default: store.replace([], resourceVersion: "1000")
        }
        try await wait.value.get()
        #expect(clock.sleeperCount == 0)
    }

    @Test("given a version that does not come, then the wait fails after its time and says what it waited for")
    func timesOut() async {
        store.replace([], resourceVersion: "99")
        let wait = wait(for: "100")
        await clock.waitForSleepers()
        clock.advance(by: .seconds(5))
        guard case .failure(let error) = await wait.value else {
            Issue.record("the version is not there")
            return
        }
        #expect(error.code == .deadlineExceeded)
        #expect(error.message.contains("version 100 of shop/a"))
    }

    @Test("given a cancelled task, then the wait fails with cancelled")
    func cancelled() async {
        let wait = wait(for: "100")
        await clock.waitForSleepers()
        wait.cancel()
        guard case .failure(let error) = await wait.value else {
            Issue.record("the version is not there")
            return
        }
        #expect(error.code == .cancelled)
    }

    @Test("given versions that cannot be compared, then the object itself is waited for")
    func opaque() async throws {
        store.replace([], resourceVersion: "x9")
        let wait = wait(for: "x1")
        await clock.waitForSleepers()
        store.bookmark(resourceVersion: "x2")
        var widget = Widget("a")
        widget.metadata.resourceVersion = "x1"
        #expect(clock.sleeperCount == 1)
        store.apply(widget)
        try await wait.value.get()
    }

    @Test("given a deletion, then the wait for it ends when the object is gone or is another one")
    func deletion() async throws {
        store.apply(Widget("a", uid: "u1"))
        let wait = Task { [store] in try await store.waitUntilDeleted(.shop("a"), uid: "u1") }
        store.apply(Widget("a", version: 2, uid: "u2"))
        try await wait.value
        try await store.waitUntilDeleted(.shop("b"))
        let written = Widget("a", version: 2)
        try await store.waitUntilContains(written)
    }

    @Test("given versions as decimal numbers, then they are in the order of the numbers; others have no order")
    func order() throws {
        let nine = try #require(ResourceVersion("9"))
        let ten = try #require(ResourceVersion("10"))
        let long = try #require(ResourceVersion("100000000000000000000000000000"))
        #expect(nine < ten && ten < long && !(ten < nine) && ten == ten)
        for text in ["", "0", "007", "1a", "-1", "١"] { #expect(ResourceVersion(text) == nil) }
    }

    @Test("given events in no order, then the store's version does not go back; given a list, it may")
    func goesBack() {
        store.apply(Widget("a", version: 7))
        store.apply(Widget("b", version: 3))
        #expect(store.resourceVersion == "7")
        store.replace([], resourceVersion: "5")
        #expect(store.resourceVersion == "5")
    }
}
