// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite struct LocalObserverTests {
    private func agent(
        _ name: String,
        _ mode: ClusterAgent.Mode = .local,
        at second: Int = 0,
        _ change: (inout ClusterAgent) -> Void = { _ in }
    ) -> ClusterAgent {
        var agent = ClusterAgent(metadata: ObjectMeta(name: name), spec: .init(mode: mode))
        agent.metadata.uid = "uid-of-\(name)"
        agent.metadata.creationTimestamp = Samples.at(second)
        change(&agent)
        return agent
    }

    private func place(_ agents: ClusterAgent...) -> String? { LocalObserver.place(among: agents)?.name }

    @Test("given agents of which one is Local, then the operator watches for that one")
    func theLocalOne() {
        #expect(place() == nil)
        #expect(place(agent("edge", .remote), agent("berlin", .hosted)) == nil)
        #expect(place(agent("edge", .remote), agent("local"), agent("berlin", .hosted)) == "local")
    }

    @Test("given two Local ones, then the older counts, and the younger only once the older goes")
    func theOlderOne() {
        #expect(place(agent("b", at: 5), agent("a", at: 9)) == "b")
        let going = agent("b", at: 5) { $0.metadata.deletionTimestamp = Samples.at(10) }
        #expect(place(going, agent("a", at: 9)) == "a")
    }

    @Test("given a Local one with a Deployment of its own, then the operator's process watches nothing")
    func itsOwnDeployment() {
        let own = agent("local") { $0.metadata.annotations[AnnotationKey.ownDeployment] = "true" }
        #expect(place(own) == nil)
        #expect(place(own, agent("younger", at: 3)) == nil)
    }

    @Test("given a ClusterAgent that is deleted and made again, then that is another place")
    func madeAgain() {
        let again = agent("local") { $0.metadata.uid = "another" }
        #expect(LocalObserver.place(among: [agent("local")]) != LocalObserver.place(among: [again]))
    }
}

@Suite struct LocalAgentVerdictTests {
    private func verdict(_ conditions: [Condition] = [], isObserved: Bool = true) -> AgentStateMachine.Verdict {
        var agent = ClusterAgent(metadata: ObjectMeta(name: "local"), spec: .init(mode: .local))
        agent.status.conditions = conditions
        return LocalAgentVerdict.verdict(on: agent, first: nil, isObserved: isObserved, clusterUID: "uid")
    }

    private let complaint = Condition(
        type: ConditionType.collectionHealthy,
        status: .false,
        reason: "Forbidden",
        message: "cannot read nodes"
    )

    @Test("given nothing to complain of, then the local agent is online and ready")
    func online() {
        #expect(verdict().phase == .online)
        #expect(verdict().standard.state == .ready)
        #expect(verdict().standard.message == "the operator itself watches this cluster")
    }

    @Test("given a kind that cannot be read, then it is degraded, and says which")
    func degraded() {
        let verdict = verdict([complaint])
        #expect(verdict.phase == .degraded)
        #expect(verdict.standard.reason == "Forbidden")
        #expect(verdict.standard.message == "CollectionHealthy: cannot read nodes")
        #expect(verdict.conditions.isTrue(ConditionType.online))
    }

    @Test("given an operator that does not watch, then what an agent said before counts no more")
    func unobserved() {
        let verdict = verdict([complaint], isObserved: false)
        #expect(verdict.phase == .online)
        #expect(verdict.standard.message.contains("observe-local"))
    }
}
