// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Testing

@testable import AetheriusAgent

@Suite("Severity of events")
struct ReasonTableTests {
    @Test("the table has the usual reasons, each with a severity that the API knows")
    func size() {
        #expect(ReasonTable.severities.count > 120)
        for severity in ReasonTable.severities.values { #expect(severity.isKnown) }
    }

    @Test(
        "given a reason, then it is as bad as it is",
        arguments: [
            ("NodeNotReady", Severity.critical), ("BackOff", .high), ("FailedScheduling", .high),
            ("FailedMount", .high), ("Unhealthy", .medium), ("FailedToUpdateEndpoint", .medium),
            ("InvalidEnvironmentVariableNames", .low), ("SomethingNobodyKnows", .medium),
        ]
    )
    func severity(reason: String, severity: Severity) {
        #expect(ReasonTable.severity(of: reason, isWarning: true) == severity)
    }

    @Test("given a Normal event, then it counts only if its reason tells of trouble")
    func normal() {
        #expect(ReasonTable.severity(of: "Scheduled", isWarning: false) == nil)
        #expect(ReasonTable.severity(of: "BackOff", isWarning: false) == nil)
        #expect(ReasonTable.severity(of: "NodeNotReady", isWarning: false) == .critical)
    }

    @Test("given a filter, then severity, reason, namespace and the agent's own namespaces decide")
    func admission() {
        var spec = ClusterAgent.Spec(mode: .remote)
        func severity(_ reason: String, _ namespace: String, isWarning: Bool = true) -> Severity? {
            EventAdmission(spec).severity(of: reason, isWarning: isWarning, in: namespace)
        }
        #expect(severity("Unhealthy", "shop") == .medium)
        spec.report.events.minSeverity = .high
        #expect(severity("Unhealthy", "shop") == nil)
        #expect(severity("BackOff", "shop") == .high)
        spec.report.events.namespaces = ["sh*"]
        #expect(severity("BackOff", "billing") == nil)
        #expect(severity("NodeNotReady", "") == .critical)
        spec.access.namespaces.exclude = ["shop-secret"]
        #expect(severity("BackOff", "shop-secret") == nil)
        spec.report.events = .init()
        spec.report.events.severities = ["Unhealthy": .critical]
        #expect(severity("Unhealthy", "shop") == .critical)
        #expect(severity("BackOff", "shop") == .high)
        spec.report.events = .init()
        spec.report.events.reasons = ["Pulled"]
        #expect(severity("BackOff", "shop") == nil)
        #expect(severity("Pulled", "shop", isWarning: false) == .medium)
    }
}
