// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import Testing

@Suite("Handlers of an informer", .timeLimit(.minutes(5)))
struct HandlerBehaviourTests {
    private struct Failure: Error {}

    private let source = ScriptedSource()
    private let clock = VirtualClock()
    private let log = LogJournal()
    private let informer: Informer<Widget>

    init() {
        informer = Informer(source, clock: AnyClock(clock), random: .fixed(0), logger: log.logger)
    }

    private func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { [informer] in try await informer.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test("62: given a handler that throws on an initial object, then all goes on, but it never counts as synced")
    func throwsInitially() async throws {
        source.answerList([Widget("a"), Widget("bad"), Widget("c")], version: "10")
        let watch = source.answerWatch()
        let heard = Journal<String>()
        let other = Journal<String>()
        let failing = try informer.addHandler { event in
            heard.append(describe(event))
            if event.key == .shop("bad") { throw Failure() }
        }
        let healthy = try informer.addHandler { other.append(describe($0)) }
        try await running {
            try await healthy.waitForSync()
            watch.send(.added(Widget("d", version: 11)))
            #expect(Set(await heard.first(4)) == ["+a initially", "+bad initially", "+c initially", "+d"])
            await other.first(4)
            #expect(failing.failureCount == 1 && healthy.failureCount == 0)
            #expect(informer.hasSynced && !failing.hasSynced)
            #expect(log.messages.entries.map(\.level) == [.error])
        }
    }

    @Test("62: given a handler that throws on a later object, then it stays synced and hears of the next")
    func throwsLater() async throws {
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        let heard = Journal<String>()
        let handler = try informer.addHandler { event in
            heard.append(describe(event))
            if event.key == .shop("bad") { throw Failure() }
        }
        try await running {
            try await handler.waitForSync()
            watch.send(.added(Widget("bad", version: 11)), .added(Widget("c", version: 12)))
            #expect(await heard.first(3) == ["+a initially", "+bad", "+c"])
            #expect(handler.failureCount == 1 && handler.hasSynced)
        }
    }

    @Test("63: given resync periods of 0, 2 and 3 s, then each handler hears of everything when its own is over")
    func resync() async throws {
        source.answerList([Widget("a", version: 5)], version: "10")
        _ = source.answerWatch()
        let journals = (0..<3).map { _ in Journal<String>() }
        for (seconds, journal) in zip([0, 2, 3], journals) {
            try informer.addHandler(resyncPeriod: .seconds(seconds)) { event in
                if case .updated(let old, let new) = event { #expect(old == new) }
                journal.append(describe(event))
            }
        }
        try await running {
            for journal in journals { await journal.first(1) }
            // How often each has heard of the object after each second.
            for counts in [[1, 1, 1], [1, 2, 1], [1, 2, 2], [1, 3, 2], [1, 3, 2], [1, 4, 3]] {
                await clock.waitForSleepers(2)
                clock.advance(by: .seconds(1))
                for (count, journal) in zip(counts, journals) { await journal.first(count) }
                #expect(journals.map(\.count) == counts)
            }
            #expect(journals[1].entries == ["+a initially", "~a", "~a", "~a"])
            // Nobody has asked the server.
            #expect(source.requests.count == 2)
        }
    }

    @Test("given a handler of names, then it hears the name of what was added, changed, replaced and deleted")
    func keys() async throws {
        source.answerList([Widget("a", uid: "u1")], version: "10")
        let watch = source.answerWatch()
        let keys = Journal<ObjectKey>()
        try informer.addKeyHandler { keys.append($0) }
        try await running {
            await keys.first(1)
            for (count, event) in [
                WatchEvent.modified(Widget("a", version: 11, uid: "u1")),
                .added(Widget("a", version: 12, uid: "u2")), .deleted(Widget("a", version: 13, uid: "u2")),
            ].enumerated() {
                watch.send(event)
                await keys.first(count + 2)
            }
            #expect(keys.entries == Array(repeating: .shop("a"), count: 4))
        }
    }

    @Test("66: given handlers with a resync period that are removed or stopped, then no timer and no task is left")
    func nothingIsLeft() async throws {
        source.answerList([Widget("a")], version: "10")
        let removed = try informer.addHandler(resyncPeriod: .seconds(5)) { _ in }
        try informer.addHandler(resyncPeriod: .seconds(7)) { _ in }
        try await running {
            await clock.waitForSleepers(2)
            informer.removeHandler(removed)
            while clock.sleeperCount > 1 { await Task.yield() }
        }
        #expect(clock.sleeperCount == 0)
    }

    @Test("67: given 100 tasks that add and remove handlers while 10,000 events flow, then all who stay end up equal")
    func manyTasks() async throws {
        source.answerList((0..<20).map { Widget("w\($0)") }, version: "10")
        let watch = source.answerWatch()
        let kept = Journal<HandlerView>()
        try await running {
            try await informer.waitForSync()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    var random = SeededGenerator(seed: 67)
                    for version in 11..<10_011 {
                        let widget = Widget("w\(Int.random(in: 0..<100, using: &random))", version: version)
                        watch.send(version % 4 == 0 ? .deleted(widget) : .modified(widget))
                        if version % 50 == 0 { await Task.yield() }
                    }
                    watch.send(.modified(Widget("last", version: 20_000)))
                }
                for number in 0..<100 {
                    group.addTask { [informer] in
                        for round in 0..<3 {
                            let view = HandlerView()
                            let handler = try informer.addHandler { view.receive($0) }
                            await Task.yield()
                            if round == 2, number % 2 == 0 {
                                kept.append(view)
                            } else {
                                informer.removeHandler(handler)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let views = kept.entries
            #expect(views.count == 50)
            for view in views { await view.sawLast.pass() }
            let content = Dictionary(
                uniqueKeysWithValues: informer.store.list().map { (ObjectKey($0), $0.metadata.resourceVersion ?? "") }
            )
            for view in views {
                #expect(view.mistakes.entries == [])
                #expect(view.content == content)
            }
        }
    }
}
