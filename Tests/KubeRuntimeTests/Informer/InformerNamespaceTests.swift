// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite("An informer of several namespaces", .timeLimit(.minutes(5)))
struct InformerNamespaceTests {
    private let one = ScriptedSource()
    private let two = ScriptedSource()
    private let clock = VirtualClock()
    private let informer: Informer<Widget>

    init() {
        informer = Informer(
            namespaces: ["one", "two"],
            clock: AnyClock(clock),
            random: .fixed(0),
            logger: .silent
        ) { [one, two] namespace in namespace == "one" ? one : two }
    }

    private func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { [informer] in try await informer.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test("given that one namespace has been listed, then nothing has synced; with the other, all has")
    func synced() async throws {
        one.answerList([Widget("a", namespace: "one")], version: "10")
        let events = Journal<String>()
        let handler = try informer.addHandler { events.append(describe($0)) }
        try await running {
            await events.first(1)
            #expect(!informer.hasSynced && !handler.hasSynced)
            #expect(informer.store.resourceVersion == "")
            await two.requests.first(1)
        }
        #expect(two.listCount == 1)
    }

    @Test("given objects of one name in both, then both are there, and a list of one namespace leaves the other alone")
    func merged() async throws {
        one.answerList([Widget("a", namespace: "one"), Widget("b", namespace: "one")], version: "10")
        two.answerList([Widget("a", namespace: "two")], version: "12")
        let watch = one.answerWatch()
        one.answerList([Widget("b", namespace: "one")], version: "30")
        let events = Journal<String>()
        let handler = try informer.addHandler { events.append("\(describe($0)) \($0.key)") }
        try await running {
            try await handler.waitForSync()
            #expect(
                Set(events.entries) == [
                    "+a initially one/a", "+b initially one/b", "+a initially two/a",
                ]
            )
            // The version of the one that is behind.
            #expect(informer.store.resourceVersion == "10")
            watch.send(.error(Status(code: 410, reason: "Expired")))
            await clock.waitForSleepers()
            clock.advance(by: .seconds(1))
            #expect(await events.first(4).last == "-a unseen one/a")
            #expect(informer.store.get("a", namespace: "two") != nil && informer.store.count == 2)
            #expect(informer.store.resourceVersion == "12")
        }
    }

    @Test("given all namespaces and one of them, then everything is followed once")
    func duplicates() async throws {
        let source = ScriptedSource()
        source.answerList([Widget("a")], version: "10")
        let informer = Informer<Widget>(namespaces: ["", "shop"], logger: .silent) { namespace in
            #expect(namespace == nil)
            return source
        }
        let run = Task { try await informer.run() }
        try await informer.waitForSync()
        #expect(informer.store.count == 1)
        run.cancel()
        _ = await run.result
        #expect(source.listCount == 1)
    }
}
