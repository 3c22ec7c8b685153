// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite("A reflector that lists as streams", .timeLimit(.minutes(5)))
struct StreamingListTests {
    private let clock = VirtualClock()
    private let source = ScriptedSource()
    private let journal = ReflectorJournal()
    private let log = LogJournal()
    private let statistics = ReflectorStatistics()
    private let initialOptions = WatchOptions(sendsInitialEvents: true, timeoutSeconds: 300)

    private var events: Journal<String> { journal.events }

    private func follow(_ body: () async throws -> Void) async throws {
        let reflector = Reflector(
            source,
            configuration: ReflectorConfiguration(metrics: statistics),
            clock: AnyClock(clock),
            random: .fixed(0),
            logger: log.logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask { [journal] in await reflector.run { journal.receive($0) } }
            try await body()
            group.cancelAll()
        }
    }

    @Test("54, 58: given a stream, then its end completes the list, it goes on as a watch, and the next watch is plain")
    func completes() async throws {
        let stream = source.answerStream()
        try await follow {
            // Somebody sees to it that the list is completed.
            await clock.waitForSleepers()
            stream.send(.added(Widget("a", version: 7)), .added(Widget("b", version: 3)))
            stream.send(.bookmark(.init(resourceVersion: "15")))
            stream.sendEndOfList(version: "20")
            stream.send(.deleted(Widget("a", version: 21)), .bookmark(.init(resourceVersion: "25")))
            #expect(
                await events.first(3) == ["replaced [\"a\", \"b\"] at 20", "deleted a", "bookmark 25"]
            )
            #expect(source.requests.count == 1)
            // With the list complete, nobody does any more.
            while clock.sleeperCount > 0 { await Task.yield() }
            stream.close()
            #expect(
                await source.requests.first(2) == [
                    .watch(initialOptions), .watch(WatchOptions(resourceVersion: "25", timeoutSeconds: 300)),
                ]
            )
            #expect(statistics.counts.streams == 1 && statistics.counts.lists == [.start: 1])
            #expect(statistics.counts.lastListObjectCount == 2)
        }
    }

    @Test("55: given changes and deletions between the objects, then the list has them")
    func changesBetween() async throws {
        let stream = source.answerStream()
        stream.send(.added(Widget("a", version: 7)), .added(Widget("b", version: 8)))
        stream.send(.deleted(Widget("a", version: 9)), .modified(Widget("c", version: 10)))
        stream.send(.modified(Widget("b", version: 11)))
        stream.sendEndOfList(version: "20")
        try await follow { #expect(await events.first(1) == ["replaced [\"c\", \"b\"] at 20"]) }
    }

    @Test("56: given a stream that breaks after two objects, one of which then goes, then the list does not have it")
    func noGhost() async throws {
        let broken = source.answerStream()
        broken.send(.added(Widget("stays", version: 7)), .added(Widget("goes", version: 8)))
        broken.fail(.of(.connection))
        let stream = source.answerStream()
        stream.send(.added(Widget("stays", version: 7)), .added(Widget("third", version: 9)))
        stream.sendEndOfList(version: "20")
        try await follow {
            while clock.nextDelay != .milliseconds(800) { await Task.yield() }
            clock.advance(by: .milliseconds(800))
            #expect(await events.first(1) == ["replaced [\"stays\", \"third\"] at 20"])
            #expect(source.requests.entries == [.watch(initialOptions), .watch(initialOptions)])
            #expect(statistics.counts.failedLists == 1)
        }
    }

    @Test(
        "57: given a server that refuses the stream, then a list is read in its place at once",
        arguments: [KubeError.Code.invalid, .badRequest, .internalError]
    )
    func refused(code: KubeError.Code) async throws {
        source.answerStream(.failure(.of(code)))
        source.answerList([Widget("a")], version: "10")
        try await follow {
            #expect(await events.first(1) == ["replaced [\"a\"] at 10"])
            await source.requests.first(3)
            #expect(
                source.requests.entries == [
                    .watch(initialOptions), .list(ListOptions(resourceVersion: "0", limit: 500)),
                    .watch(WatchOptions(resourceVersion: "10", timeoutSeconds: 300)),
                ]
            )
            #expect(clock.sleeperCount == 0)
            #expect(log.messages.count == 0)
        }
    }

    @Test("57: given 429 twice, then there are three requests, all for streams")
    func tooManyRequests() async throws {
        source.answerStream(.failure(.of(.tooManyRequests)), .failure(.of(.tooManyRequests)))
        source.answerStream().sendEndOfList(version: "10")
        try await follow {
            for expected in [Duration.milliseconds(800), .milliseconds(1600)] {
                while clock.nextDelay != expected { await Task.yield() }
                clock.advance(by: expected)
            }
            #expect(await events.first(1) == ["replaced [] at 10"])
            #expect(source.requests.entries == Array(repeating: .watch(initialOptions), count: 3))
        }
    }

    @Test("58: given a stop before the list is complete and another start, then all objects are asked for again")
    func restarted() async throws {
        let first = source.answerStream()
        first.send(.added(Widget("a", version: 7)))
        let second = source.answerStream()
        second.send(.added(Widget("b", version: 8)))
        second.sendEndOfList(version: "10")
        try await follow { await source.requests.first(1) }
        try await follow { #expect(await events.first(1) == ["replaced [\"b\"] at 10"]) }
        #expect(source.requests.entries == [.watch(initialOptions), .watch(initialOptions)])
        #expect(log.messages.count == 0)
    }

    @Test("59: given only bookmarks for 60 s, then there is a warning each 10 s, then a list, and no stream again")
    func ignoresTheOption() async throws {
        let stream = source.answerStream()
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        source.answerList([], version: "20")
        try await follow {
            for second in stride(from: 10, through: 60, by: 10) {
                await clock.waitForSleepers()
                #expect(clock.nextDelay == .seconds(10))
                stream.send(.bookmark(.init(resourceVersion: "\(second)")))
                #expect(events.count == 0)
                clock.advance(by: .seconds(10))
                await log.messages.first(second / 10)
            }
            #expect(await events.first(1) == ["replaced [\"a\"] at 10"])
            #expect(log.messages.entries.map(\.level) == Array(repeating: .warning, count: 6))
            #expect(source.requests.entries[1] == .list(ListOptions(resourceVersion: "0", limit: 500)))
            watch.send(.error(Status(code: 410, reason: "Expired")))
            await clock.waitForSleepers()
            // Giving up is not a failure that makes later delays longer.
            #expect(clock.nextDelay == .milliseconds(800))
            clock.advance(by: .seconds(1))
            #expect(await events.first(2).last == "replaced [] at 20")
            #expect(source.requests.entries[3] == .list(ListOptions(resourceVersion: "10")))
        }
    }
}
