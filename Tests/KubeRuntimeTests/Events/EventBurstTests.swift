// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite(.timeLimit(.minutes(5)))
struct EventBurstTests {
    private let sink = ScriptedSink()
    private let clock = VirtualClock()

    private func running(_ capacity: Int = 1000, _ body: (EventRecorder) async throws -> Void) async rethrows {
        let recorder = EventRecorder(
            sink: sink,
            component: "widget-controller",
            capacity: capacity,
            clock: AnyClock(clock),
            wallClock: { Timestamp(seconds: 1_000_000) },
            random: .fixed(0.5),
            logger: .silent
        )
        let run = Task { try await recorder.run() }
        try await body(recorder)
        run.cancel()
        _ = await run.result
    }

    /// A write in a few words.
    private func describe(_ write: ScriptedSink.Write) throws -> String {
        switch write {
        case .create(let event): return "create \(event.count ?? 0) \(event.message)"
        case .patch(_, _, let body):
            let change = try JSON.decode(JSONValue.self, from: body)
            return "patch \(change["count"]?.integerValue ?? 0) \(change["message"]?.stringValue ?? "")"
        }
    }

    @Test("85: given twelve messages of one reason, then nine are written singly, and one with a count for the others")
    func combines() async throws {
        try await running { recorder in
            for index in 1...12 {
                recorder.record(.warning, reason: "Failed", message: "m\(index)", about: Widget("web"))
                await sink.writes.first(index)
                clock.advance(by: .seconds(40))
            }
            let writes = try sink.writes.entries.map { try describe($0) }
            #expect(Array(writes[..<9]) == (1...9).map { "create 1 m\($0)" })
            #expect(
                Array(writes[9...]) == [
                    "create 1 (combined from similar events): m10", "patch 2 (combined from similar events): m11",
                    "patch 3 (combined from similar events): m12",
                ]
            )
        }
    }

    @Test("85: given the same event thirty times in a row, each after the one before was written, then 25 are written")
    func limitsBursts() async throws {
        try await running { recorder in
            for index in 1...30 {
                recorder.record(.warning, reason: "Failed", message: "m", about: Widget("web"))
                await sink.writes.first(min(index, 25))
                await waitUntil { recorder.backlog == 0 }
            }
            await waitUntil { recorder.droppedCount == 5 }
            // Another object has a bucket of its own.
            recorder.record(.warning, reason: "Failed", message: "m", about: Widget("other"))
            await sink.writes.first(26)
            #expect(sink.writes.count == 26)
            let last = try describe(sink.writes.entries[24])
            #expect(last == "patch 25 m")
        }
    }

    @Test(
        "85: given a server that is down, then recording goes on, and what waits is bounded; once it is up, it is written"
    )
    func serverDown() async throws {
        sink.failAlways(.connection)
        await running(10) { recorder in
            recorder.record(.normal, reason: "R", message: "m", about: Widget("first"))
            await sink.writes.first(1)
            await clock.waitForSleepers()
            // The recorder is at the first one. This does not suspend, so nothing can have waited for anything.
            for index in 0..<5000 { recorder.record(.normal, reason: "R", message: "m", about: Widget("w\(index)")) }
            #expect(recorder.backlog == 10)
            #expect(recorder.droppedCount == 4990)
            sink.failAlways(nil)
            clock.advance(by: .seconds(10))
            let writes = await sink.writes.first(12)
            let names = writes.map { write in
                if case .create(let event) = write { event.involvedObject.name } else { "" }
            }
            #expect(names == ["first", "first"] + (0..<10).map { "w\($0)" })
            #expect(recorder.droppedCount == 4990)
        }
    }
}
