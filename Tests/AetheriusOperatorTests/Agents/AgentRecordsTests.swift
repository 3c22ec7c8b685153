// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import KubeTesting
import Testing

@testable import AetheriusOperator

@Suite("What is remembered of agents")
struct AgentRecordsTests {
    private let clock = HandClock()
    private let records: AgentRecords
    private let agent: ClusterAgent

    init() {
        records = AgentRecords(clock: AnyClock(clock))
        var agent = ClusterAgent(metadata: ObjectMeta(name: "edge"), spec: .init(mode: .hosted))
        agent.spec.accepted = true
        self.agent = agent
        records.note(agent)
    }

    @Test(
        "given an agent on the hub, then its kubeconfig is looked at each minute, and everything is made each half hour"
    )
    func kubeconfig() {
        for _ in 0..<29 {
            #expect(!records.mustCheckKubeconfig(of: agent))
            clock.advance(by: .seconds(60))
            #expect(records.mustCheckKubeconfig(of: agent))
            records.noteKubeconfig(of: agent, nil)
        }
        #expect(records.valid(for: agent) != nil)
        clock.advance(by: .seconds(60))
        #expect(records.valid(for: agent) == nil)
    }

    @Test("given a kubeconfig that cannot be used any more, then that is known for as long as a failure is left alone")
    func refused() {
        clock.advance(by: .seconds(600))
        records.noteKubeconfig(of: agent, .failed(reason: "InvalidKubeconfig", message: "no"))
        #expect(records.valid(for: agent)?.deployment == .failed(reason: "InvalidKubeconfig", message: "no"))
        #expect(!records.mustCheckKubeconfig(of: agent))
        clock.advance(by: AgentRecords.retry)
        #expect(records.valid(for: agent) == nil)
    }

    @Test("given a time of registration that cannot be, then it is brought to one that can")
    func registration() {
        let now = Timestamp(seconds: 1_800_000_000)
        var agent = agent
        agent.metadata.creationTimestamp = now.advanced(by: .seconds(-86400))
        func registered(_ seconds: Int) -> Timestamp? {
            agent.status.hub = ClusterAgent.Hub()
            agent.status.hub?.registeredAt = now.advanced(by: .seconds(seconds))
            return agent.withSaneRegistration(at: now).status.hub?.registeredAt
        }
        #expect(registered(-3600) == now.advanced(by: .seconds(-3600)))
        #expect(registered(86400) == now)
        #expect(registered(-90000) == agent.metadata.creationTimestamp)
        // Clocks differ a little.
        #expect(registered(200) == now.advanced(by: .seconds(200)))
        #expect(registered(-86500) == now.advanced(by: .seconds(-86500)))
        agent.status.hub = nil
        #expect(agent.withSaneRegistration(at: now).status.hub == nil)
    }

    private var remote: ClusterAgent {
        var agent = agent
        agent.spec.mode = .remote
        return agent
    }

    @Test(
        "given looks that find all in place, then each is due half a minute later, and all is made again in half an hour"
    )
    func looks() throws {
        let agent = remote
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
        let agent = remote
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
