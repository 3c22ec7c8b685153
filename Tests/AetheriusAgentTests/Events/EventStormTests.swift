// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Testing

@testable import AetheriusAgent

@Suite("A storm of events")
struct EventStormTests {
    /// An agent's reporting on a clock of numbers: events come in, and reports go out whenever they are due.
    private struct Reporting {
        var folder: EventFolder
        var schedule = ReportSchedule()
        var told: ReportDraft?
        var writes: [Duration] = []
        var largest = 0
        let start: Timestamp

        init(start: Timestamp, bufferSize: Int = 1000) {
            self.start = start
            folder = EventFolder(since: start, bufferSize: bufferSize)
        }

        mutating func look(at time: Duration, isHubAway: Bool = false) {
            let now = AnyClock.Instant(offset: time)
            folder.judge(at: start.advanced(by: time)) { _ in .unhealthy }
            var report = ClusterAgent.AgentReport()
            report.events = folder.summary()
            report.fit()
            let draft = ReportDraft(report: report, conditions: [])
            let change = draft.change(since: told, hasNews: folder.hasNews)
            guard schedule.isDue(change, at: now) else { return }
            schedule.began(at: now)
            if isHubAway {
                _ = schedule.failed(KubeError(code: .connection, message: "away"), at: now, random: 0.5)
                return
            }
            schedule.succeeded(at: now)
            folder.told(report.events?.items ?? [])
            told = draft
            writes.append(time)
            largest = max(largest, JSON.encode(report).count)
            #expect(report.events?.items.count ?? 0 <= 20)
        }
    }

    private let start = Timestamp(seconds: 1_800_000_000)

    private func event(_ number: Int, of workload: String, at time: Duration) -> EventObservation {
        let moment = start.advanced(by: time)
        return EventObservation(
            eventUID: "uid-\(number)",
            owner: ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: workload),
            sample: "\(workload)-\(number)",
            container: "app",
            reason: "BackOff",
            severity: .high,
            message: String(repeating: "ä long message ", count: 40),
            firstSeen: moment,
            lastSeen: moment
        )
    }

    @Test(
        "given 10,000 events in a hundred seconds, then a report has at most 20 items and 16 KiB, a minute at most 12 writes, and the totals are true",
        arguments: [10, 300, 10_000]
    )
    func storm(workloads: Int) throws {
        var reporting = Reporting(start: start)
        for number in 0..<10_000 {
            let time = Duration.milliseconds(10 * number)
            reporting.folder.observe(event(number, of: "workload-\(number % workloads)", at: time))
            if number % 250 == 0 { reporting.look(at: time) }
        }
        for second in stride(from: 100, to: 700, by: 3) { reporting.look(at: .seconds(second)) }
        let writes = reporting.writes
        for first in writes.indices {
            let within = writes[first...].count { $0 - writes[first] < .seconds(60) }
            #expect(within <= 12)
        }
        #expect(writes.count > 2)
        #expect(reporting.largest <= 16 << 10)
        let events = try #require(reporting.told?.report.events)
        #expect(events.total == 10_000)
        #expect(events.distinct == Int64(workloads))
        #expect(reporting.folder.entries.count <= 1000)
        // All that is not kept any more is either dropped or was told before.
        let kept = reporting.folder.entries.values.reduce(0) { $0 + $1.count }
        if workloads <= 1000 {
            #expect(kept == 10_000)
            #expect(events.dropped == 0)
        } else {
            #expect(events.dropped > 8000)
            #expect(events.dropped <= 10_000 - Int64(kept))
        }
    }

    @Test("given nothing new, then nothing is written")
    func quiet() {
        var reporting = Reporting(start: start)
        reporting.folder.observe(event(1, of: "web", at: .zero))
        for second in 0..<3600 { reporting.look(at: .seconds(second)) }
        #expect(reporting.writes.count == 1)
    }

    @Test(
        "given a hub that is away for ten minutes, then it hears afterwards of every open incident, and of what was dropped"
    )
    func outage() throws {
        var reporting = Reporting(start: start, bufferSize: 100)
        for second in 0..<600 {
            let time = Duration.seconds(second)
            reporting.folder.observe(event(second, of: "workload-\(second % 150)", at: time))
            reporting.look(at: time, isHubAway: true)
        }
        #expect(reporting.writes.isEmpty)
        var told: Set<String> = []
        for second in 600..<900 {
            reporting.look(at: .seconds(second))
            told.formUnion(reporting.told?.report.events?.items.map(\.object.name) ?? [])
        }
        let open = Set(reporting.folder.entries.values.filter { !$0.isResolved }.map(\.owner.name))
        #expect(open.count > 80)
        #expect(told == open)
        let events = try #require(reporting.told?.report.events)
        #expect(events.total == 600)
        let kept = reporting.folder.entries.values.reduce(0) { $0 + $1.count }
        #expect(events.dropped == 600 - Int64(kept))
        #expect(events.dropped > 0)
    }
}
