// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("Conditions")
struct ConditionTests {
    private let start = Timestamp(seconds: 1000, nanoseconds: 999)
    private let later = Timestamp(seconds: 2000, nanoseconds: 1)

    @Test("given no condition of a type, when one is set, then it is added with the present whole second")
    func add() {
        var conditions: [Condition] = [Condition(type: "Other", status: .unknown, reason: "X")]
        conditions.set(Condition(type: "Ready", status: .true, reason: "Up", message: "fine"), at: start)
        #expect(conditions.map(\.type) == ["Other", "Ready"])
        #expect(conditions["Ready"]?.lastTransitionTime == Timestamp(seconds: 1000))
        #expect(conditions.isTrue("Ready"))
        #expect(!conditions.isTrue("Other"))
        #expect(!conditions.isTrue("Missing"))
        #expect(conditions["Missing"] == nil)
    }

    @Test("given a condition, when reason, message and generation change but not the status, then the time stays")
    func sameStatus() {
        var conditions: [Condition] = []
        conditions.set(Condition(type: "Ready", status: .false, reason: "A"), at: start)
        let next = Condition(
            type: "Ready",
            status: .false,
            reason: "B",
            message: "new",
            lastTransitionTime: Timestamp(seconds: 5),
            observedGeneration: 4
        )
        conditions.set(next, at: later)
        #expect(conditions.count == 1)
        #expect(conditions["Ready"]?.reason == "B")
        #expect(conditions["Ready"]?.message == "new")
        #expect(conditions["Ready"]?.observedGeneration == 4)
        #expect(conditions["Ready"]?.lastTransitionTime == Timestamp(seconds: 1000))
    }

    @Test("given a condition, when the status changes, then the time moves and the order of conditions does not")
    func changedStatus() {
        var conditions: [Condition] = []
        conditions.set(Condition(type: "Ready", status: .false, reason: "A"), at: start)
        conditions.set(Condition(type: "Last", status: .true, reason: "A"), at: start)
        conditions.set(Condition(type: "Ready", status: .unknown, reason: "A"), at: later)
        #expect(conditions.map(\.type) == ["Ready", "Last"])
        #expect(conditions["Ready"]?.lastTransitionTime == Timestamp(seconds: 2000))
        #expect(conditions["Last"]?.lastTransitionTime == Timestamp(seconds: 1000))
    }

    @Test("given a condition without a time, when it is set again, then it gets one")
    func missingTime() {
        var conditions = [Condition(type: "Ready", status: .true, reason: "A")]
        conditions.set(Condition(type: "Ready", status: .true, reason: "A"), at: later)
        #expect(conditions["Ready"]?.lastTransitionTime == Timestamp(seconds: 2000))
    }

    @Test("given a condition in JSON, when it is read and written, then it is the same text")
    func roundTrip() throws {
        let text = #"""
            {"type":"Ready","status":"False","reason":"Down","message":"m","lastTransitionTime":"2026-01-02T03:04:05Z","observedGeneration":2}
            """#
        let condition = try JSON.decode(Condition.self, from: text)
        #expect(condition.status == .false)
        #expect(String(decoding: JSON.encode(condition), as: UTF8.self) == text)
    }

    @Test("given a status that is null or a word nobody knows, when the condition is read, then it is unknown")
    func unknownStatus() throws {
        for status in ["null", "\"\"", "\"Maybe\"", "\"true\""] {
            let text = "{\"type\":\"Ready\",\"status\":\(status),\"lastProbeTime\":null,\"reason\":null}"
            let condition = try JSON.decode(Condition.self, from: text)
            #expect(condition == Condition(type: "Ready", status: .unknown, reason: ""))
        }
    }
}
