// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import Testing

@testable import AetheriusOperator

@Suite("What is remembered of what was made for an agent")
struct AgentRecordsTests {
    private let clock = HandClock()
    private let records: AgentRecords
    private let agent: ClusterAgent

    init() {
        records = AgentRecords(clock: AnyClock(clock))
        var agent = ClusterAgent(metadata: ObjectMeta(name: "edge"), spec: .init(mode: .remote))
        agent.spec.accepted = true
        self.agent = agent
    }

    @Test(
        "given looks that find all in place, then each is due half a minute later, and all is made again in half an hour"
    )
    func looks() throws {
        records.note(agent)
        for seconds in stride(from: 30, to: 1800, by: 30) {
            clock.move(to: seconds - 1)
            #expect(try !records.isLookDue(#require(records.valid(for: agent))))
            clock.move(to: seconds)
            let record = try #require(records.valid(for: agent))
            #expect(records.isLookDue(record))
            records.note(agent, lookedAt: record) { $0.deployment = .manual }
        }
        clock.move(to: 1800)
        #expect(records.valid(for: agent) == nil)
    }

    @Test("given a failure that a look finds, then it is left alone for half a minute, however long ago all was made")
    func failure() throws {
        records.note(agent)
        clock.move(to: 600)
        let record = try #require(records.valid(for: agent))
        records.note(agent, lookedAt: record) { $0.deployment = .failed(reason: "Timeout", message: "m") }
        clock.move(to: 629)
        #expect(records.valid(for: agent) != nil)
        clock.move(to: 630)
        #expect(records.valid(for: agent) == nil)
    }

    @Test("given another spec, or another ClusterAgent of the same name, then nothing is known of it")
    func others() {
        records.note(agent)
        var changed = agent
        changed.metadata.generation = 2
        #expect(records.valid(for: changed) == nil)
        var another = agent
        another.metadata.uid = "other"
        #expect(records.valid(for: another) == nil)
        var refused = agent
        refused.spec.accepted = false
        #expect(records.valid(for: refused) == nil)
    }
}
