// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import Testing

@Suite(.timeLimit(.minutes(5)))
struct InformerTests {
    private let source = ScriptedSource()
    private let clock = VirtualClock()
    private let informer: Informer<Widget>

    init() {
        informer = Informer(
            source,
            clock: AnyClock(clock),
            random: .fixed(0),
            logger: .silent
        )
    }

    private func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { [informer] in try await informer.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func journal(_ events: Journal<String>) -> @Sendable (InformerEvent<Widget>) async -> Void {
        { events.append(describe($0)) }
    }

    @Test("64: given a disruption in which objects go, change and come, then a handler hears of exactly that")
    func disruption() async throws {
        source.answerList([Widget("one"), Widget("two"), Widget("same")], version: "10")
        let watch = source.answerWatch()
        source.answerList([Widget("two", version: 20), Widget("three"), Widget("same")], version: "30")
        let events = Journal<String>()
        let handler = try informer.addHandler(journal(events))
        try await running {
            try await handler.waitForSync()
            #expect(Set(events.entries) == ["+one initially", "+two initially", "+same initially"])
            watch.send(.error(Status(code: 410, reason: "Expired")))
            await clock.waitForSleepers()
            clock.advance(by: .seconds(1))
            let changes = await events.first(6)[3...]
            // What is gone comes first.
            #expect(changes.first == "-one unseen")
            #expect(Set(changes) == ["-one unseen", "~two", "+three"])
            #expect(Set(informer.store.keys) == [.shop("two"), .shop("three"), .shop("same")])
            #expect(informer.store.resourceVersion == "30")
        }
        #expect(events.count == 6)
    }

    @Test("60: given a late handler, then it hears of what is there, marked as such, and then of changes")
    func lateHandler() async throws {
        source.answerList((0..<1000).map { Widget("w\($0)") }, version: "10")
        let watch = source.answerWatch()
        try await running {
            try await informer.waitForSync()
            let events = Journal<String>()
            let handler = try informer.addHandler(journal(events))
            try await handler.waitForSync()
            #expect(Set(events.entries) == Set((0..<1000).map { "+w\($0) initially" }))
            #expect(events.count == 1000)
            watch.send(.modified(Widget("w1", version: 11)), .added(Widget("new", version: 12)))
            #expect(await events.first(1002)[1000...] == ["~w1", "+new"])
        }
    }

    @Test(
        "60: given handlers added while 10,000 changes flow, then none is lost or doubled, and each ends like the store"
    )
    func handlersDuringChanges() async throws {
        source.answerList((0..<1000).map { Widget("w\($0)") }, version: "10")
        let watch = source.answerWatch()
        let views = (0..<20).map { _ in HandlerView() }
        try await running {
            try await informer.waitForSync()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    var random = SeededGenerator(seed: 60)
                    for version in 11..<10_011 {
                        let widget = Widget("w\(Int.random(in: 0..<1500, using: &random))", version: version)
                        watch.send(version % 5 == 0 ? .deleted(widget) : .modified(widget))
                        if version % 10 == 0 { await Task.yield() }
                    }
                    watch.send(.modified(Widget("last", version: 20_000)))
                }
                for view in views {
                    group.addTask { [informer] in
                        await Task.yield()
                        try informer.addHandler { view.receive($0) }
                    }
                }
                try await group.waitForAll()
            }
            for view in views { await view.sawLast.pass() }
            let content = Dictionary(
                uniqueKeysWithValues: informer.store.list().map { (ObjectKey($0), $0.metadata.resourceVersion ?? "") }
            )
            for view in views {
                #expect(view.mistakes.entries == [])
                // The last object comes after all others in line.
                #expect(view.content == content)
            }
        }
    }

    @Test("61: given a handler that is stuck, then another one hears everything, and the first of the last state only")
    func stuckHandler() async throws {
        source.answerList([], version: "10")
        let watch = source.answerWatch()
        let gate = Gate()
        let slow = Journal<String>()
        let fast = Journal<String>()
        let stuck = try informer.addHandler { event in
            slow.append(describe(event) + event.object.color)
            await gate.pass()
        }
        try informer.addHandler(journal(fast))
        try await running {
            try await informer.waitForSync()
            watch.send(.added(Widget("blocker", version: 11)))
            await slow.first(1)
            for version in 12..<112 {
                watch.send(.modified(Widget("a", version: version, color: "\(version)")))
                await fast.first(version - 10)
            }
            #expect(stuck.backlog == 1)
            gate.open()
            #expect(await slow.first(2) == ["+blocker", "+a111"])
        }
    }

    @Test("65: given an object that was deleted and made anew during a gap, then it is a deletion and an addition")
    func recreated() async throws {
        source.answerList([Widget("a", uid: "u1")], version: "10")
        let watch = source.answerWatch()
        source.answerList([Widget("a", version: 20, uid: "u2")], version: "30")
        let events = Journal<String>()
        try informer.addHandler(journal(events))
        try await running {
            await events.first(1)
            watch.send(.error(Status(code: 410, reason: "Expired")))
            await clock.waitForSleepers()
            clock.advance(by: .seconds(1))
            #expect(await events.first(3)[1...] == ["-a unseen", "+a"])
        }
    }

    @Test("66: given an informer that has stopped, then handlers are refused, and so is a second run")
    func stopped() async throws {
        source.answerList([], version: "10")
        try await running { try await informer.waitForSync() }
        #expect(throws: KubeError.self) { try informer.addHandler { _ in } }
        await #expect(throws: KubeError.self) { try await informer.run() }
    }

    @Test("66: given a handler that is removed, twice and from another informer too, then it hears nothing more")
    func removed() async throws {
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        let removed = Journal<String>()
        let other = Journal<String>()
        let handler = try informer.addHandler(journal(removed))
        try informer.addHandler(journal(other))
        let stranger = Informer(ScriptedSource(), clock: AnyClock(clock), logger: .silent)
        try await running {
            try await handler.waitForSync()
            stranger.removeHandler(handler)
            watch.send(.modified(Widget("a", version: 11)))
            await removed.first(2)
            informer.removeHandler(handler)
            informer.removeHandler(handler)
            watch.send(.modified(Widget("a", version: 12)))
            await other.first(3)
            #expect(removed.count == 2)
        }
    }

    @Test("given each complete list, then the program is told once its objects are in the store")
    func afterReplace() async throws {
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        source.answerList([Widget("a"), Widget("b")], version: "20")
        let told = Journal<Int>()
        let informer = Informer(
            source,
            clock: AnyClock(clock),
            random: .fixed(0),
            logger: .silent,
            afterReplace: { told.append($0) }
        )
        let run = Task { try await informer.run() }
        await told.first(1)
        #expect(informer.store.count == 1)
        watch.send(.error(Status(code: 410, reason: "Expired")))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        await told.first(2)
        #expect(informer.store.count == 2)
        run.cancel()
        _ = await run.result
        #expect(told.entries == [1, 2])
    }

    @Test("32: given no objects, then the informer and its handlers have synced after the empty list")
    func emptyList() async throws {
        source.answerList([], version: "10")
        let handler = try informer.addHandler { _ in }
        #expect(!informer.hasSynced && !handler.hasSynced)
        try await running {
            try await informer.waitForSync()
            try await handler.waitForSync()
            #expect(informer.hasSynced && handler.hasSynced)
        }
    }
}
