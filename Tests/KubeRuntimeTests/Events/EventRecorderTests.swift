// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite(.timeLimit(.minutes(5)))
struct EventRecorderTests {
    private let sink = ScriptedSink()
    private let clock = VirtualClock()
    private let time = Timestamp(seconds: 1_000_000, nanoseconds: 5)

    private func recorder(capacity: Int = 1000) -> EventRecorder {
        EventRecorder(
            sink: sink,
            component: "widget-controller",
            instance: "pod-1",
            capacity: capacity,
            clock: AnyClock(clock),
            wallClock: { [time] in time },
            random: .fixed(0.5),
            logger: .silent
        )
    }

    private func running(_ recorder: EventRecorder, _ body: () async throws -> Void) async rethrows {
        let run = Task { try await recorder.run() }
        try await body()
        run.cancel()
        _ = await run.result
    }

    @Test("given an event about an object, then it is created with all that kubectl shows")
    func create() async {
        let recorder = recorder()
        recorder.record(.warning, reason: "Broken", message: "it broke", about: Widget("web"))
        await running(recorder) {
            await sink.writes.first(1)
            guard case .create(let event) = sink.writes.entries[0] else {
                Issue.record("no event was created")
                return
            }
            #expect(event.metadata.namespace == "shop" && event.metadata.name.hasPrefix("web."))
            #expect(event.type == "Warning" && event.reason == "Broken" && event.message == "it broke")
            #expect(event.count == 1)
            #expect(event.firstTimestamp == time.wholeSeconds && event.lastTimestamp == time.wholeSeconds)
            #expect(event.sourceComponent == "widget-controller" && event.reportingInstance == "pod-1")
            let object = event.involvedObject
            #expect(object.apiVersion == "test.io/v1" && object.kind == "Widget" && object.uid == "uid-web")
        }
    }

    @Test("given an event about a cluster-scoped object, then it is in the namespace default")
    func clusterScoped() async {
        let recorder = recorder()
        recorder.record(.normal, reason: "Ready", message: "ready", about: ObjectReference(kind: "Node", name: "n1"))
        await running(recorder) {
            guard case .create(let event) = await sink.writes.first(1)[0] else { return }
            #expect(event.metadata.namespace == "default")
            #expect(event.involvedObject.namespace == "")
        }
    }

    @Test("given the same event again, then the one that is there is patched with the count and the time")
    func patch() async throws {
        let recorder = recorder()
        try await running(recorder) {
            recorder.record(.normal, reason: "Scaled", message: "to 3", about: Widget("web"))
            await sink.writes.first(1)
            recorder.record(.normal, reason: "Scaled", message: "to 3", about: Widget("web"))
            let writes = await sink.writes.first(2)
            guard case .create(let event) = writes[0], case .patch(let name, let namespace, let body) = writes[1] else {
                Issue.record("the event was not patched")
                return
            }
            #expect(name == event.metadata.name && namespace == "shop")
            let change = try JSON.decode(JSONValue.self, from: body)
            #expect(change["count"]?.integerValue == 2)
            #expect(change["lastTimestamp"]?.stringValue == "1970-01-12T13:46:40Z")
        }
    }

    @Test("85: given an event to patch that is gone, then it is created anew, and patched under its new name")
    func patchOfExpired() async {
        let recorder = recorder()
        await running(recorder) {
            recorder.record(.normal, reason: "Scaled", message: "to 3", about: Widget("web"))
            await sink.writes.first(1)
            sink.fail(.notFound)
            recorder.record(.normal, reason: "Scaled", message: "to 3", about: Widget("web"))
            guard case .create(let event) = await sink.writes.first(3)[2] else {
                Issue.record("the event was not created anew")
                return
            }
            #expect(event.count == 2)
            recorder.record(.normal, reason: "Scaled", message: "to 3", about: Widget("web"))
            guard case .patch(let name, _, _) = await sink.writes.first(4)[3] else {
                Issue.record("the new event was not patched")
                return
            }
            #expect(name == event.metadata.name)
        }
    }

    @Test("85: given nothing written yet, then recording does not wait, repeats are merged, and too much is dropped")
    func bounded() async {
        let recorder = recorder(capacity: 10)
        for index in 0..<15 { recorder.record(.normal, reason: "R", message: "m", about: Widget("w\(index)")) }
        for _ in 0..<100 { recorder.record(.normal, reason: "R", message: "m", about: Widget("w0")) }
        #expect(recorder.backlog == 10)
        #expect(recorder.droppedCount == 5)
        await running(recorder) {
            guard case .create(let event) = await sink.writes.first(10)[0] else { return }
            #expect(event.count == 101)
        }
    }

    @Test("given a connection that fails, then the write is tried again after 5 s and then every 10 s, twelve times")
    func retries() async {
        let recorder = recorder()
        sink.failAlways(.connection)
        recorder.record(.normal, reason: "R", message: "m", about: Widget("w"))
        await running(recorder) {
            for attempt in 1...11 {
                await sink.writes.first(attempt)
                await clock.waitForSleepers()
                #expect(clock.nextDelay == (attempt == 1 ? .seconds(5) : .seconds(10)))
                clock.advance(by: .seconds(10))
            }
            await sink.writes.first(12)
            await waitUntil { recorder.droppedCount == 1 }
            #expect(clock.sleeperCount == 0)
        }
        #expect(sink.writes.count == 12)
    }

    @Test("given a stop while a write does not end, then that write and all others are made before the service ends")
    func flush() async throws {
        let recorder = recorder()
        sink.hangOnce()
        for index in 0..<3 { recorder.record(.normal, reason: "R", message: "m", about: Widget("w\(index)")) }
        let manager = Manager(
            services: [recorder],
            informers: [],
            controllers: [],
            configuration: ManagerConfiguration(shutdownSignals: []),
            logger: .silent
        )
        let run = Task { try await manager.run() }
        await sink.writes.first(1)
        await manager.shutDown()
        try await run.value
        let names = sink.writes.entries.dropFirst().map { write in
            guard case .create(let event) = write else { return "" }
            return event.involvedObject.name
        }
        #expect(names == ["w0", "w1", "w2"])
        #expect(recorder.droppedCount == 0)
    }

    @Test("given a write that the server refuses, then it is not tried again")
    func refused() async {
        let recorder = recorder()
        sink.fail(.forbidden)
        recorder.record(.normal, reason: "R", message: "m", about: Widget("w1"))
        recorder.record(.normal, reason: "R", message: "m", about: Widget("w2"))
        await running(recorder) { await sink.writes.first(2) }
        #expect(recorder.droppedCount == 1)
        #expect(sink.writes.count == 2)
    }
}
