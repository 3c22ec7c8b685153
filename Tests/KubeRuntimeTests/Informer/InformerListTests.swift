// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Logging
import Testing

@testable import KubeRuntime

@Suite("Lists in an informer", .timeLimit(.minutes(5)))
struct InformerListTests {
    private struct Failure: Error {}

    private let source = ScriptedSource()
    private let clock = VirtualClock()
    private let log = LogJournal()

    private func makeInformer(
        transform: (@Sendable (inout Widget) throws -> Void)? = nil,
        indexes: [Index<Widget>] = []
    ) -> Informer<Widget> {
        Informer(
            source,
            indexes: indexes,
            clock: AnyClock(clock),
            random: .fixed(0),
            logger: log.logger,
            transform: transform
        )
    }

    private func run(_ informer: Informer<Widget>, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await informer.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// Ends the watch so that another list follows.
    private func relist(after watch: ScriptedWatch) async {
        watch.send(.error(Status(code: 410, reason: "Expired")))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
    }

    @Test("28: given changes of one object with others in between, then a handler that keeps up hears them in order")
    func order() async throws {
        source.answerList([], version: "10")
        let watch = source.answerWatch()
        let informer = makeInformer()
        let events = Journal<String>()
        try informer.addHandler { events.append(describe($0)) }
        try await run(informer) {
            try await informer.waitForSync()
            let changes: [WatchEvent<Widget>] = [
                .added(Widget("a", version: 11)), .added(Widget("b", version: 12)), .modified(Widget("a", version: 13)),
                .added(Widget("c", version: 14)), .deleted(Widget("a", version: 15)),
                .modified(Widget("b", version: 16)), .added(Widget("a", version: 17)),
            ]
            for (index, change) in changes.enumerated() {
                watch.send(change)
                await events.first(index + 1)
            }
            #expect(events.entries == ["+a", "+b", "~a", "+c", "-a", "~b", "+a"])
        }
    }

    @Test("29: given {a, b, c} and a list of {b', d}, then a and c are deleted first, unseen, as they last were")
    func replace() async throws {
        source.answerList([Widget("a", color: "1"), Widget("b", color: "2"), Widget("c", color: "3")], version: "10")
        let watch = source.answerWatch()
        source.answerList([Widget("b", version: 20, color: "2'"), Widget("d", color: "4")], version: "30")
        let informer = makeInformer()
        let events = Journal<String>()
        try informer.addHandler { event in
            switch event {
            case .deleted(let object, let isUnknown): events.append("-\(object.color) \(isUnknown)")
            case .updated(let old, let new): events.append("~\(old.color) \(new.color)")
            case .added(let object, _): events.append("+\(object.color)")
            }
        }
        try await run(informer) {
            await events.first(3)
            await relist(after: watch)
            let changes = await events.first(7)[3...]
            #expect(Set(changes.prefix(2)) == ["-1 true", "-3 true"])
            #expect(Set(changes.suffix(2)) == ["~2 2'", "+4"])
        }
    }

    @Test("30: given an object that a handler is just hearing of, when a list does not have it, then it is deleted")
    func missingWhileDelivered() async throws {
        source.answerList([], version: "10")
        let watch = source.answerWatch()
        source.answerList([], version: "30")
        let informer = makeInformer()
        let events = Journal<String>()
        let gate = Gate()
        try informer.addHandler { event in
            events.append(describe(event))
            await gate.pass()
        }
        try await run(informer) {
            try await informer.waitForSync()
            // The handler is held in the first; of the second it has not heard at all.
            watch.send(.added(Widget("a", version: 11)), .added(Widget("b", version: 12)))
            await events.first(1)
            await relist(after: watch)
            try await informer.store.waitUntil(resourceVersion: "30", of: .shop("a"), timeout: .seconds(60))
            #expect(informer.store.count == 0)
            gate.open()
            #expect(await events.first(2) == ["+a", "-a unseen"])
        }
        #expect(events.count == 2)
    }

    @Test("32: given an initial list of 100, then the informer has synced only with the last of them in the store")
    func synced() async throws {
        let widgets = (0..<100).map { Widget("w\($0)") }
        let stream = source.answerStream()
        for widget in widgets { stream.send(.added(widget)) }
        let informer = makeInformer()
        try await run(informer) {
            await source.requests.first(1)
            #expect(!informer.hasSynced && informer.store.count == 0)
            stream.sendEndOfList(version: "10")
            try await informer.waitForSync()
            #expect(informer.store.count == 100)
        }
    }

    @Test("34: given an object without a name in a list, then it alone is left out, with a message")
    func badItem() async throws {
        source.answerList([Widget("a"), Widget(""), Widget("b")], version: "10")
        let informer = makeInformer()
        try await run(informer) {
            try await informer.waitForSync()
            #expect(Set(informer.store.keys) == [.shop("a"), .shop("b")])
            #expect(log.messages.entries.map(\.level) == [.error])
        }
    }

    @Test(
        "35: given a transform, then it is called once for each object, not for deletions, resyncs and unchanged ones"
    )
    func transform() async throws {
        source.answerList([Widget("a"), Widget("b")], version: "10")
        let watch = source.answerWatch()
        source.answerList([Widget("a"), Widget("c")], version: "30")
        let calls = Journal<String>()
        let informer = makeInformer(transform: { widget in
            calls.append(widget.metadata.name)
            widget.color = "transformed"
        })
        let events = Journal<String>()
        try informer.addHandler(resyncPeriod: .seconds(100)) { events.append(describe($0) + $0.object.color) }
        try await run(informer) {
            await events.first(2)
            watch.send(.modified(Widget("b", version: 11)))
            await events.first(3)
            watch.send(.deleted(Widget("b", version: 12, color: "last")))
            await events.first(4)
            watch.send(.error(Status(code: 410, reason: "Expired")))
            await clock.waitForSleepers(2)
            clock.advance(by: .seconds(1))
            await events.first(5)
            clock.advance(by: .seconds(99))
            await events.first(7)
            #expect(calls.entries == ["a", "b", "b", "c"])
            #expect(informer.store.list().allSatisfy { $0.color == "transformed" })
            #expect(events.entries.contains("-blast"))
        }
    }

    @Test("35: given a transform that fails, then the object stays what it was, or out, and the others are there")
    func failingTransform() async throws {
        source.answerList([Widget("a"), Widget("b", color: "bad")], version: "10")
        let watch = source.answerWatch()
        source.answerList([Widget("a", version: 20, color: "bad"), Widget("c")], version: "30")
        let informer = makeInformer(transform: { if $0.color == "bad" { throw Failure() } })
        try await run(informer) {
            try await informer.waitForSync()
            #expect(informer.store.keys == [.shop("a")])
            watch.send(.modified(Widget("a", version: 12, color: "bad")))
            await log.messages.first(2)
            #expect(informer.store[.shop("a")]?.metadata.resourceVersion == "1")
            await relist(after: watch)
            try await informer.store.waitUntil(resourceVersion: "30", of: .shop("a"), timeout: .seconds(60))
            #expect(Set(informer.store.keys) == [.shop("a"), .shop("c")])
            #expect(informer.store[.shop("a")]?.metadata.resourceVersion == "1")
        }
    }

    @Test("54: given a stream whose end has not come, then the store is what it was; with the end it is all new")
    func streamIsAtomic() async throws {
        let first = source.answerStream()
        first.send(.added(Widget("a")), .added(Widget("b")))
        first.sendEndOfList(version: "10")
        let second = source.answerStream()
        let informer = makeInformer()
        let events = Journal<String>()
        try informer.addHandler { events.append(describe($0)) }
        try await run(informer) {
            await events.first(2)
            first.send(.error(Status(code: 410, reason: "Expired")))
            while clock.nextDelay != .milliseconds(800) { await Task.yield() }
            clock.advance(by: .milliseconds(800))
            second.send(.added(Widget("b", version: 20)), .added(Widget("c")))
            second.send(.bookmark(.init(resourceVersion: "25")))
            second.send(.modified(Widget("c", version: 21)), .deleted(Widget("c", version: 22)))
            await source.requests.first(2)
            #expect(Set(informer.store.keys) == [.shop("a"), .shop("b")])
            #expect(informer.store.resourceVersion == "10")
            second.sendEndOfList(version: "30")
            #expect(await events.first(4)[2...] == ["-a unseen", "~b"])
            #expect(informer.store.keys == [.shop("b")])
            #expect(informer.store.resourceVersion == "30")
        }
    }

    @Test("56: given a stream that breaks after two objects, one of which then goes, then the store never has that one")
    func noGhost() async throws {
        let broken = source.answerStream()
        broken.send(.added(Widget("stays")), .added(Widget("goes")))
        broken.fail(.of(.connection))
        let stream = source.answerStream()
        stream.send(.added(Widget("stays")), .added(Widget("third")))
        stream.sendEndOfList(version: "20")
        let informer = makeInformer()
        try await run(informer) {
            while clock.nextDelay != .milliseconds(800) { await Task.yield() }
            clock.advance(by: .milliseconds(800))
            try await informer.waitForSync()
            #expect(Set(informer.store.keys) == [.shop("stays"), .shop("third")])
        }
    }

    @Test("42: given that page 2 has expired, then what was only on page 1 of the first attempt is not in the store")
    func expiredPage() async throws {
        source.answerList(
            .success(ResourceList([Widget("a"), Widget("gone")], version: "10", continueToken: "p2")),
            .failure(.of(.expired)),
            .success(ResourceList([Widget("a"), Widget("b")], version: "20"))
        )
        let informer = makeInformer()
        try await run(informer) {
            try await informer.waitForSync()
            #expect(Set(informer.store.keys) == [.shop("a"), .shop("b")])
        }
    }

    @Test("given a list in which nothing is new, then the store keeps the very same objects")
    func keepsInstances() async throws {
        let widgets = (0..<50).map { Widget("w\($0)") }
        source.answerList(widgets, version: "10")
        let watch = source.answerWatch()
        source.answerList(widgets + [Widget("new")], version: "30")
        let informer = makeInformer(indexes: [.namespace])
        try await run(informer) {
            try await informer.waitForSync()
            let before = informer.store.snapshot()
            await relist(after: watch)
            try await informer.store.waitUntil(resourceVersion: "30", of: .shop("new"), timeout: .seconds(60))
            let after = informer.store.snapshot()
            #expect(after.count == 51)
            for (key, object) in before { #expect(after[key] === object) }
            #expect(informer.store.keys(in: "namespace", value: "shop").count == 51)
        }
    }
}
