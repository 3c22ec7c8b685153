// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ReflectorTests {
    private let clock = VirtualClock()
    private let source = ScriptedSource()
    private let events = Journal<String>()

    private func follow(_ body: () async -> Void) async {
        let reflector = Reflector(
            source,
            clock: AnyClock(clock),
            random: .fixed(0),
            logger: .silent
        )
        await withTaskGroup { group in
            group.addTask { [events] in
                await reflector.run { event in
                    switch event {
                    case .replaced(let objects, let version):
                        events.append("replaced \(objects.map(\.metadata.name)) at \(version)")
                    case .applied(let object): events.append("applied \(object.metadata.name)")
                    case .deleted(let object): events.append("deleted \(object.metadata.name)")
                    case .bookmark(let version): events.append("bookmark \(version)")
                    }
                }
                events.append("stopped")
            }
            await body()
            group.cancelAll()
        }
    }

    @Test("43: given events, a bookmark and a clean end, then all is passed on and the watch is taken up there")
    func listAndWatch() async {
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        watch.send(.added(Widget("b", version: 11)), .deleted(Widget("a", version: 12)))
        watch.send(.bookmark(.init(resourceVersion: "30")))
        watch.close()
        await follow {
            await source.requests.first(3)
            #expect(events.entries == ["replaced [\"a\"] at 10", "applied b", "deleted a", "bookmark 30"])
            #expect(
                source.requests.entries == [
                    .list(ListOptions(resourceVersion: "0", limit: 500)),
                    .watch(WatchOptions(resourceVersion: "10", timeoutSeconds: 300)),
                    .watch(WatchOptions(resourceVersion: "30", timeoutSeconds: 300)),
                ]
            )
            #expect(clock.sleeperCount == 0)
        }
    }

    @Test("45: given an expired event, then there is one list after a delay, and its content replaces the old")
    func expired() async {
        source.answerList([Widget("a"), Widget("b")], version: "10")
        let watch = source.answerWatch()
        watch.send(.error(Status(code: 410, reason: "Expired")))
        source.answerList([Widget("b")], version: "40")
        await follow {
            await clock.waitForSleepers()
            #expect(source.listCount == 1)
            clock.advance(by: .milliseconds(800))
            await source.requests.first(4)
            #expect(source.listCount == 2)
            #expect(events.entries.last == "replaced [\"b\"] at 40")
        }
    }

    @Test("46: given 429 three times at the start of a watch, then there are three delays and one list")
    func tooManyRequests() async {
        source.answerList([], version: "10")
        let refusal = Result<ScriptedWatch, KubeError>.failure(.of(.tooManyRequests))
        source.answerWatch(refusal, refusal, refusal)
        await follow {
            for expected in [800, 1600, 3200] {
                await clock.waitForSleepers()
                #expect(clock.nextDelay == .milliseconds(expected))
                clock.advance(by: .milliseconds(expected))
            }
            await source.requests.first(5)
            #expect(source.listCount == 1)
        }
    }

    @Test("51: given a stop during a list, then it returns and says nothing more")
    func stopDuringList() async {
        await follow { await source.requests.first(1) }
        #expect(events.entries == ["stopped"])
    }

    @Test("51: given a stop during a delay, then it returns and asks for nothing more")
    func stopDuringDelay() async {
        source.answerList(.failure(.of(.connection)))
        await follow { await clock.waitForSleepers() }
        #expect(events.entries == ["stopped"])
        #expect(source.requests.count == 1)
    }

    @Test("51: given a stop during a watch, then it returns and asks for nothing more")
    func stopDuringWatch() async {
        source.answerList([], version: "10")
        _ = source.answerWatch()
        await follow { await source.requests.first(2) }
        #expect(events.entries == ["replaced [] at 10", "stopped"])
        #expect(source.requests.count == 2)
    }
}
