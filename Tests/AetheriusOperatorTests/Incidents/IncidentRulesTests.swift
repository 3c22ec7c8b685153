// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite("IncidentRules")
struct IncidentRulesTests {
    private func refusal(_ change: (inout ClusterAgent.Spec) -> Void) -> IncidentRules.Refusal? {
        var cluster = Samples.registered(Samples.cluster(events: []))
        change(&cluster.spec)
        return IncidentRules.refusal(of: Samples.incident(), by: cluster, now: Samples.at(1000))
    }

    @Test("given nothing that speaks against it, then an incident opens a task")
    func plain() { #expect(refusal { _ in } == nil) }

    @Test("given settings that forbid it, then none is opened, and it is known why")
    func refusals() {
        #expect(refusal { $0.diagnosis.auto = false } == .automaticTasksAreOff)
        #expect(refusal { $0.diagnosis.minSeverity = .critical } == .severityTooLow)
        #expect(refusal { $0.diagnosis.minSeverity = .high } == nil)
        #expect(refusal { $0.access.namespaces.exclude = ["sh*"] } == .namespaceNotAllowed)
        #expect(refusal { $0.access.namespaces.include = ["other"] } == .namespaceNotAllowed)
    }

    @Test(
        "given an agent that is not accepted or not registered, then it opens none; given the operator itself, it does"
    )
    func unregistered() {
        #expect(refusal { $0.accepted = false } == .notRegistered)
        for reason in ["DuplicateCluster", "IdentityMismatch", "NotSeen"] {
            var cluster = Samples.registered(Samples.cluster(events: []))
            cluster.status.conditions.set(
                Condition(type: ConditionType.registered, status: .false, reason: reason, message: ""),
                at: Samples.at(1)
            )
            #expect(IncidentRules.refusal(of: Samples.incident(), by: cluster, now: Samples.at(9)) == .notRegistered)
        }
        let local = ClusterAgent(metadata: ObjectMeta(name: "local"), spec: .init(mode: .local))
        #expect(IncidentRules.refusal(of: Samples.incident(), by: local, now: Samples.at(9)) == nil)
    }

    @Test("given rules that mute, then every field that one gives has to fit, and its time must not be over")
    func mutes() {
        typealias Rule = ClusterAgent.MuteRule
        #expect(refusal { $0.diagnosis.mute = [Rule(namespace: "shop")] } == .muted)
        #expect(refusal { $0.diagnosis.mute = [Rule(namespace: "s*p", owner: "Deployment/web")] } == .muted)
        #expect(refusal { $0.diagnosis.mute = [Rule(reason: "BackOff")] } == .muted)
        #expect(refusal { $0.diagnosis.mute = [Rule(namespace: "shop", reason: "Other")] } == nil)
        #expect(refusal { $0.diagnosis.mute = [Rule(owner: "StatefulSet/web")] } == nil)
        #expect(refusal { $0.diagnosis.mute = [Rule(namespace: "shop", until: Samples.at(1001))] } == .muted)
        #expect(refusal { $0.diagnosis.mute = [Rule(namespace: "shop", until: Samples.at(1000))] } == nil)
        #expect(refusal { $0.diagnosis.mute = [Rule()] } == nil)
    }
}
