// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import Testing

@testable import AetheriusAgent

@Suite("The size of a report")
struct AgentReportFitTests {
    private func report(events: Int, unhealthy: Int) -> ClusterAgent.AgentReport {
        var report = ClusterAgent.AgentReport()
        var summary = ClusterAgent.EventSummary()
        let name = String(repeating: "n", count: 253)
        let object = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: name)
        for number in 0..<events {
            var item = ClusterAgent.FoldedEvent(key: "\(number)", reason: "BackOff", object: object)
            item.sample = name
            item.message = String(repeating: "m", count: 256)
            summary.items.append(item)
        }
        summary.total = 1234
        report.events = summary
        for _ in 0..<unhealthy {
            report.unhealthy.append(
                .init(object: object, reason: "BackOff", message: String(repeating: "m", count: 256))
            )
        }
        report.unhealthyTotal = 77
        report.metrics = .init(values: ["podsOnNodes": 5])
        return report
    }

    @Test("given the longest names and messages, then the report fits, says that it was cut, and its totals are true")
    func cut() {
        var report = report(events: 20, unhealthy: 10)
        #expect(JSON.encode(report).count > 16 << 10)
        report.fit()
        #expect(JSON.encode(report).count <= 16 << 10)
        #expect(report.truncated)
        #expect(report.events?.total == 1234)
        #expect(report.unhealthyTotal == 77)
        #expect(report.events?.items.isEmpty == false)
        #expect(report.metrics != nil)
    }

    @Test("given a small report, then nothing is left out")
    func small() {
        var report = report(events: 2, unhealthy: 1)
        let before = report
        report.fit()
        #expect(report == before)
    }

    @Test("given a bound that nothing fits into, then everything that can go has gone")
    func tiny() {
        var report = report(events: 20, unhealthy: 10)
        report.fit(10)
        #expect(report.events?.items.isEmpty == true)
        #expect(report.unhealthy.isEmpty)
        #expect(report.metrics == nil)
    }

    @Test("given reports that differ in when their numbers were taken only, then they say the same")
    func same() {
        var first = report(events: 1, unhealthy: 0)
        var second = first
        first.metrics?.observedAt = Timestamp(seconds: 1)
        second.metrics?.observedAt = Timestamp(seconds: 2)
        #expect(first.saysTheSame(as: second))
        second.metrics?.values["podsOnNodes"] = 6
        #expect(!first.saysTheSame(as: second))
    }

    @Test(
        "given what was told, then a new unhealthy object and a condition's new reason are news, other numbers are not"
    )
    func change() {
        let condition = Condition(type: "TargetReachable", status: .true, reason: "Reachable")
        let told = ReportDraft(report: report(events: 0, unhealthy: 0), conditions: [condition])
        #expect(told.change(since: nil, hasNews: false) == .news)
        #expect(told.change(since: told, hasNews: false) == .none)
        #expect(told.change(since: told, hasNews: true) == .news)
        var other = told
        other.report.unhealthyTotal = 78
        #expect(other.change(since: told, hasNews: false) == .routine)
        other.report.unhealthy = report(events: 0, unhealthy: 1).unhealthy
        #expect(other.change(since: told, hasNews: false) == .news)
        other = told
        other.conditions[0].status = .false
        #expect(other.change(since: told, hasNews: false) == .news)
    }

    @Test("given a ClusterAgent that was deleted and made again, then it has heard nothing, and all is news to it")
    func madeAgain() {
        let told = ReportDraft(report: report(events: 0, unhealthy: 0), conditions: [], agentUID: "first")
        var later = told
        #expect(later.change(since: told, hasNews: false) == .none)
        later.agentUID = "second"
        #expect(later.change(since: told, hasNews: false) == .news)
    }
}
