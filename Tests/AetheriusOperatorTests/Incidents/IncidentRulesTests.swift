// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite("IncidentRules")
struct IncidentRulesTests {
    private func refusal(_ change: (inout ClusterAgent.Spec) -> Void) -> IncidentRules.Refusal? {
        var spec = ClusterAgent.Spec(mode: .remote)
        change(&spec)
        return IncidentRules.refusal(of: Samples.incident(), by: spec, now: Samples.at(1000))
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
