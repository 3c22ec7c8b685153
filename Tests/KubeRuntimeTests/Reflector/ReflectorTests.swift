// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite("A reflector that lists in pages", .timeLimit(.minutes(5)))
struct ReflectorTests {
    private let clock = VirtualClock()
    private let source = ScriptedSource()
    private let journal = ReflectorJournal()
    private let log = LogJournal()
    private let statistics = ReflectorStatistics()

    private var events: Journal<String> { journal.events }

    private func follow(pageSize: Int = 500, _ body: () async throws -> Void) async throws {
        let reflector = Reflector(
            source,
            configuration: ReflectorConfiguration(streamsLists: false, pageSize: pageSize, metrics: statistics),
            clock: AnyClock(clock),
            random: .fixed(0),
            logger: log.logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask { [journal] in
                await reflector.run { journal.receive($0) }
                journal.events.append("stopped")
            }
            try await body()
            group.cancelAll()
        }
    }

    /// Ends the watch with an error, and the delay that follows.
    private func fail(_ watch: ScriptedWatch, _ status: Status) async {
        watch.send(.error(status))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
    }

    @Test("43: given events, a bookmark and a clean end, then all is passed on and the watch is taken up there")
    func listAndWatch() async throws {
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        watch.send(.added(Widget("b", version: 11)), .modified(Widget("b", version: 12)))
        watch.send(.deleted(Widget("a", version: 13)), .bookmark(.init(resourceVersion: "30")))
        watch.close()
        try await follow {
            await source.requests.first(3)
            #expect(
                events.entries == ["replaced [\"a\"] at 10", "applied b", "applied b", "deleted a", "bookmark 30"]
            )
            #expect(
                source.requests.entries == [
                    .list(ListOptions(resourceVersion: "0", limit: 500)),
                    .watch(WatchOptions(resourceVersion: "10", timeoutSeconds: 300)),
                    .watch(WatchOptions(resourceVersion: "30", timeoutSeconds: 300)),
                ]
            )
            #expect(clock.sleeperCount == 0)
            #expect(log.messages.count == 0)
        }
    }

    @Test("42: given pages of 4 and 10 objects, then they are asked for one by one and become one list")
    func pages() async throws {
        let widgets = (0..<10).map { Widget("w\($0)") }
        source.answerList(
            .success(ResourceList(Array(widgets[0..<4]), version: "10", continueToken: "p2")),
            .success(ResourceList(Array(widgets[4..<8]), version: "10", continueToken: "p3")),
            .success(ResourceList(Array(widgets[8..<10]), version: "10"))
        )
        try await follow(pageSize: 4) {
            #expect(await events.first(1) == ["replaced \(widgets.map(\.metadata.name)) at 10"])
            #expect(
                source.requests.entries.prefix(3) == [
                    .list(ListOptions(resourceVersion: "0", limit: 4)),
                    .list(ListOptions(limit: 4, continueToken: "p2")),
                    .list(ListOptions(limit: 4, continueToken: "p3")),
                ]
            )
            // They are counted when the list has been handed on.
            while statistics.counts.lastListObjectCount == 0 { await Task.yield() }
            #expect(statistics.counts.lastListObjectCount == 10)
        }
    }

    @Test("42: given that page 2 has expired, then the list is read anew, and what was on page 1 counts once, or not")
    func expiredPage() async throws {
        source.answerList(
            .success(ResourceList([Widget("a"), Widget("gone")], version: "10", continueToken: "p2")),
            .failure(.of(.expired)),
            .success(ResourceList([Widget("a"), Widget("b")], version: "20"))
        )
        try await follow(pageSize: 2) {
            #expect(await events.first(1) == ["replaced [\"a\", \"b\"] at 20"])
            #expect(source.requests.entries[2] == .list(ListOptions(resourceVersion: "0")))
            #expect(clock.sleeperCount == 0)
        }
    }

    @Test("44: given a watch that ends at once and empty, then that is reported, and there is a delay and a list")
    func shortWatch() async throws {
        source.answerList([], version: "10")
        source.answerWatch().close()
        source.answerList([], version: "20")
        try await follow {
            await clock.waitForSleepers()
            #expect(clock.nextDelay == .milliseconds(800))
            #expect(log.messages.entries.map(\.level) == [.warning])
            #expect(statistics.counts.shortWatches == 1)
            clock.advance(by: .seconds(1))
            await events.first(2)
            #expect(source.requests.entries[2] == .list(ListOptions(resourceVersion: "10")))
            #expect(statistics.counts.lists == [.start: 1, .shortWatch: 1])
        }
    }

    @Test("44: given a watch that ends at once but after an event, then there is no list and nothing is reported")
    func shortButUseful() async throws {
        source.answerList([], version: "10")
        let watch = source.answerWatch()
        watch.send(.added(Widget("a", version: 11)))
        watch.close()
        try await follow {
            await source.requests.first(3)
            #expect(source.listCount == 1)
            #expect(log.messages.count == 0)
        }
    }

    @Test("45: given an expired event, then there is one list after a delay, and its content replaces the old")
    func expired() async throws {
        source.answerList([Widget("a"), Widget("b")], version: "10")
        let watch = source.answerWatch()
        watch.send(.modified(Widget("a", version: 12)))
        source.answerList([Widget("b")], version: "40")
        try await follow {
            await events.first(2)
            #expect(source.listCount == 1)
            await fail(watch, Status(code: 410, reason: "Expired"))
            await source.requests.first(4)
            #expect(source.listCount == 2)
            #expect(source.requests.entries[2] == .list(ListOptions(resourceVersion: "12")))
            #expect(events.entries.last == "replaced [\"b\"] at 40")
            #expect(statistics.counts.lists[.expired] == 1)
            // That a version has expired is nothing to worry about.
            #expect(log.messages.entries.map(\.level) == [.info])
        }
    }

    @Test("46: given 429 three times at the start of a watch and once as an event, then there are 4 delays and 1 list")
    func tooManyRequests() async throws {
        source.answerList([], version: "10")
        let refusal = Result<ScriptedWatch, KubeError>.failure(.of(.tooManyRequests))
        source.answerWatch(refusal, refusal, refusal)
        source.answerWatch().send(.error(Status(code: 429, reason: "TooManyRequests")))
        try await follow {
            for expected in [800, 1600, 3200, 6400] {
                await clock.waitForSleepers()
                #expect(clock.nextDelay == .milliseconds(expected))
                clock.advance(by: .milliseconds(expected))
            }
            await source.requests.first(6)
            #expect(source.listCount == 1)
        }
    }

    @Test("48: given an error event of an unknown reason, then there is a list, and what is not in it is gone")
    func unknownError() async throws {
        source.answerList([Widget("a"), Widget("b")], version: "10")
        let watch = source.answerWatch()
        source.answerList([Widget("b")], version: "20")
        try await follow {
            await events.first(1)
            await fail(watch, Status(code: 599, reason: "NobodyKnows"))
            #expect(await events.first(2).last == "replaced [\"b\"] at 20")
            #expect(statistics.counts.lists[.watchFailed] == 1)
        }
    }

    @Test("49: given a line that cannot be read, then the watch is over and there is a list")
    func malformed() async throws {
        source.answerList([Widget("a")], version: "10")
        source.answerWatch().fail(.of(.decoding))
        source.answerList([], version: "20")
        try await follow {
            await clock.waitForSleepers()
            clock.advance(by: .seconds(1))
            #expect(await events.first(2).last == "replaced [] at 20")
        }
    }

    @Test("49: given an event without a version, then it is dropped with a message, and the next one is used")
    func dropped() async throws {
        source.answerList([], version: "10")
        let watch = source.answerWatch()
        try await follow {
            await events.first(1)
            watch.send(.added(Widget("", version: 99)), .added(Widget("a", version: 11)))
            #expect(await events.first(2).last == "applied a")
            // It is counted after it has been handed on.
            while statistics.counts.resourceVersion != "11" { await Task.yield() }
            #expect(statistics.counts.droppedEvents == 1 && statistics.counts.events == 2)
            #expect(log.messages.entries.map(\.level) == [.warning])
        }
    }

    @Test("51: given a stop during a list, then it returns and says nothing more")
    func stopDuringList() async throws {
        try await follow { await source.requests.first(1) }
        #expect(events.entries == ["stopped"])
        #expect(log.messages.count == 0)
    }

    @Test("51: given a stop during a delay, then it returns and asks for nothing more")
    func stopDuringDelay() async throws {
        source.answerList(.failure(.of(.connection)))
        try await follow { await clock.waitForSleepers() }
        #expect(events.entries == ["stopped"])
        #expect(source.requests.count == 1)
    }

    @Test("51: given a stop during a watch, then it returns, asks for nothing more and reports no error")
    func stopDuringWatch() async throws {
        source.answerList([], version: "10")
        _ = source.answerWatch()
        try await follow { await source.requests.first(2) }
        #expect(events.entries == ["replaced [] at 10", "stopped"])
        #expect(source.requests.count == 2)
        #expect(log.messages.count == 0)
    }

    @Test("given bookmarks, then the age of the version that is known counts from the last of them")
    func versionAge() async throws {
        source.answerList([], version: "10")
        let watch = source.answerWatch()
        try await follow {
            await events.first(1)
            clock.advance(by: .seconds(40))
            let now = AnyClock.Instant(offset: .seconds(45))
            while statistics.counts.resourceVersionAge(now: now) == nil { await Task.yield() }
            #expect(statistics.counts.resourceVersionAge(now: now) == .seconds(45))
            watch.send(.bookmark(.init(resourceVersion: "30")))
            await events.first(2)
            while statistics.counts.resourceVersion != "30" { await Task.yield() }
            #expect(statistics.counts.resourceVersionAge(now: now) == .seconds(5))
        }
    }
}
