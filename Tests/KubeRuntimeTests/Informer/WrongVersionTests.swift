// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite(.timeLimit(.minutes(5)))
struct WrongVersionTests {
    private let source = ScriptedSource()
    private let clock = VirtualClock()

    /// Lets an informer follow the script while it is tried.
    private func running(_ body: (Informer<Widget>) async throws -> Void) async throws {
        let informer = Informer(source, clock: AnyClock(clock), random: .fixed(0), logger: .silent)
        try await withThrowingTaskGroup { group in
            group.addTask { try await informer.run() }
            try await body(informer)
            group.cancelAll()
        }
    }

    private func goOn() async {
        await clock.waitForSleepers()
        clock.advance(by: .seconds(60))
    }

    @Test(
        "given a version that the server refuses as none, then the newest data is listed after that",
        arguments: [KubeError.Code.badRequest, .internalError]
    )
    func garbage(_ code: KubeError.Code) async throws {
        source.answerList([], version: "not-a-version")
        source.answerWatch(.failure(.of(code)))
        source.answerList(.failure(.of(code)))
        source.answerList([Widget("a")], version: "7")
        try await running { informer in
            await source.requests.first(2)
            await goOn()
            await source.requests.first(3)
            await goOn()
            let versions = await source.requests.first(5).compactMap { request in
                if case .list(let options) = request { options.resourceVersion ?? "newest" } else { nil }
            }
            #expect(versions == ["0", "not-a-version", "newest"])
            #expect(informer.store.resourceVersion == "7")
        }
    }

    @Test("given an event that comes twice, then handlers hear of it once")
    func twice() async throws {
        source.answerList([Widget("a", version: 1)], version: "1")
        let watch = source.answerWatch()
        try await running { informer in
            let events = Journal<String>()
            try informer.addHandler { events.append(describe($0)) }
            await events.first(1)
            watch.send(.modified(Widget("a", version: 2)))
            await events.first(2)
            watch.send(.modified(Widget("a", version: 2)), .modified(Widget("a", version: 3)))
            await events.first(3)
            watch.send(.deleted(Widget("a", version: 4)))
            #expect(await events.first(4) == ["+a initially", "~a", "~a", "-a"])
        }
    }

    @Test("given an event that comes again after a later one, then nothing goes back, and what is true now is listed")
    func stale() async throws {
        source.answerList([Widget("a", version: 1)], version: "1")
        let watch = source.answerWatch()
        source.answerList([Widget("a", version: 3, color: "blue")], version: "5")
        try await running { informer in
            let events = Journal<String>()
            try informer.addHandler { events.append("\(describe($0)) \($0.object.color)") }
            await events.first(1)
            watch.send(.modified(Widget("a", version: 2, color: "red")))
            watch.send(.modified(Widget("a", version: 3, color: "blue")))
            await waitUntil { informer.store[.shop("a")]?.color == "blue" }
            watch.send(.modified(Widget("a", version: 2, color: "red")))
            await goOn()
            await source.requests.first(4)
            await waitUntil { informer.store.resourceVersion == "5" }
            #expect(informer.store[.shop("a")]?.color == "blue")
            #expect(events.entries.last == "~a blue")
        }
    }
}
