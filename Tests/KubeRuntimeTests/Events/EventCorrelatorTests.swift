// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import KubeRuntime

struct EventCorrelatorTests {
    private var correlator = EventCorrelator(component: "test", instance: "pod-1")
    private let time = Timestamp(seconds: 1_000_000)

    private func at(_ seconds: Int) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }

    private func occurrence(_ name: String = "web", message: String = "it broke") -> EventCorrelator.Occurrence {
        EventCorrelator.Occurrence(
            object: ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "shop", name: name, uid: "u"),
            type: "Warning",
            reason: "Broken",
            message: message
        )
    }

    private mutating func write(_ occurrence: EventCorrelator.Occurrence, now: Int = 0) -> String {
        let tally = EventCorrelator.Tally(count: 1, first: time, last: time)
        switch correlator.write(occurrence, tally, now: at(now)) {
        case nil: return "nothing"
        case .create(let event): return "create \(event.count ?? 0) \(event.message)"
        case .patch(_, _, _, let event): return "patch \(event.count ?? 0) \(event.message)"
        }
    }

    @Test("given the same event again, then its count is raised; another message or object is another event")
    mutating func counts() {
        #expect(write(occurrence()) == "create 1 it broke")
        #expect(write(occurrence()) == "patch 2 it broke")
        #expect(write(occurrence(message: "again")) == "create 1 again")
        #expect(write(occurrence("other")) == "create 1 it broke")
        #expect(write(occurrence()) == "patch 3 it broke")
    }

    @Test("85: given twelve messages for one reason within ten minutes, then from the tenth on they are combined")
    mutating func combines() {
        let writes = (1...12).map { write(occurrence(message: "m\($0)"), now: $0) }
        #expect(Array(writes[..<9]) == (1...9).map { "create 1 m\($0)" })
        #expect(
            Array(writes[9...]) == [
                "create 1 (combined from similar events): m10",
                "patch 2 (combined from similar events): m11",
                "patch 3 (combined from similar events): m12",
            ]
        )
        #expect(write(occurrence(message: "m13"), now: 613) == "create 1 m13")
    }

    @Test("85: given thirty writes for one object in a burst, then 25 are made, and another one each five minutes")
    mutating func limitsBursts() {
        let writes = (1...30).map { _ in write(occurrence()) }
        #expect(writes.count { $0 != "nothing" } == 25)
        #expect(write(occurrence("other")) == "create 1 it broke")
        #expect(write(occurrence(), now: 299) == "nothing")
        #expect(write(occurrence(), now: 300) == "patch 26 it broke")
        #expect(write(occurrence(), now: 300) == "nothing")
    }

    @Test("given a long message with characters of several bytes, then it is cut between characters")
    func shortens() {
        let text = String(repeating: "a", count: 1022) + "\u{1F600}\u{1F600}"
        #expect(EventCorrelator.shortened(text) == String(repeating: "a", count: 1022))
        #expect(EventCorrelator.shortened("short") == "short")
        #expect(EventCorrelator.shortened(String(repeating: "b", count: 3000)).utf8.count == 1024)
    }

    @Test("given events of ever new objects, then the memory of them is bounded and the oldest go")
    mutating func bounded() {
        var memory = LeastRecentlyUsed<Int, String>(capacity: 3)
        for key in 1...3 { memory[key] = "\(key)" }
        _ = memory[1]
        memory[4] = "4"
        #expect(memory.count == 3)
        #expect(memory[2] == nil)
        #expect(memory[1] == "1" && memory[3] == "3" && memory[4] == "4")
        for _ in 0..<1000 { _ = memory[1] }
        memory[5] = "5"
        memory[6] = "6"
        #expect(memory.count == 3 && memory[1] == "1")
    }
}
