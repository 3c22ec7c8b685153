// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import Testing

@testable import AetheriusOperator

@Suite("What comes from an agent")
struct AgentTallyTests {
    private func at(_ seconds: Int) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }

    private func report(events total: Int64, since: Int = 0, metricsAt: Int? = nil) -> ClusterAgent.AgentReport {
        var report = ClusterAgent.AgentReport()
        report.events = ClusterAgent.EventSummary()
        report.events?.total = total
        report.events?.since = Samples.at(since)
        if let metricsAt { report.metrics = ClusterAgent.Metrics(observedAt: Samples.at(metricsAt), values: [:]) }
        return report
    }

    private func hub(events: Int64 = 0, metrics: Int64 = 0) -> ClusterAgent.Hub {
        var hub = ClusterAgent.Hub()
        hub.eventCount = events
        hub.metricsCount = metrics
        return hub
    }

    private func queue(_ pending: Int, _ running: Int = 0, oldest: Int64? = nil) -> ClusterAgent.Queue {
        var queue = ClusterAgent.Queue()
        (queue.pending, queue.running, queue.oldestPendingSeconds) = (pending, running, oldest)
        return queue
    }

    @Test("given reports of a growing total, then only what is new counts, and all of it when the agent starts anew")
    func events() {
        var tally = AgentTally(hub())
        tally.observe(report(events: 5), isRegistered: true)
        tally.observe(report(events: 5), isRegistered: true)
        tally.observe(report(events: 12), isRegistered: true)
        #expect(tally.eventCount == 12)
        tally.observe(report(events: 3, since: 60), isRegistered: true)
        #expect(tally.eventCount == 15)
    }

    @Test("given an operator that starts anew, then it goes on from what is written, and counts nothing twice")
    func restart() {
        var tally = AgentTally(hub(events: 12, metrics: 4))
        tally.observe(report(events: 14, metricsAt: 1), isRegistered: true)
        #expect(tally.eventCount == 14)
        #expect(tally.metricsCount == 4)
        tally.observe(report(events: 14, metricsAt: 2), isRegistered: true)
        tally.observe(report(events: 14, metricsAt: 2), isRegistered: true)
        #expect(tally.metricsCount == 5)
        var other = AgentTally(hub(events: 100))
        other.observe(report(events: 14), isRegistered: true)
        #expect(other.eventCount == 100, "the agent has started anew since")
        other.observe(report(events: 15), isRegistered: true)
        #expect(other.eventCount == 101)
    }

    @Test("given an agent that is not registered, then what it says does not count, and later only what is new does")
    func unregistered() {
        var tally = AgentTally(hub(events: 9))
        tally.observe(report(events: 5, metricsAt: 1), isRegistered: false)
        tally.finishedTask()
        tally.observe(report(events: 5, metricsAt: 1), isRegistered: false)
        #expect((tally.eventCount, tally.metricsCount, tally.commandCount) == (0, 0, 0))
        tally.observe(report(events: 7, metricsAt: 2), isRegistered: true)
        #expect((tally.eventCount, tally.metricsCount) == (2, 1))
    }

    @Test("given totals that cannot be, then the counts stay within what a status may hold")
    func lies() {
        var tally = AgentTally(hub())
        for since in 0..<2000 { tally.observe(report(events: .max, since: since), isRegistered: true) }
        #expect(tally.eventCount == AgentTally.maximum)
        tally.observe(report(events: -5, since: 5000), isRegistered: true)
        #expect(tally.eventCount == AgentTally.maximum)
    }

    @Test("given nothing but new counts, then they are written every five minutes, and a new queue every 15 seconds")
    func bounded() {
        var tally = AgentTally(hub())
        tally.observe(report(events: 5), isRegistered: true)
        var written = hub()
        #expect(tally.enter(into: &written, queue(0), isWriting: false, at: at(0)) == nil)
        #expect(written.eventCount == 5)
        tally.wrote(at: at(0))
        #expect(tally.enter(into: &written, queue(0), isWriting: false, at: at(1)) == nil)

        tally.observe(report(events: 6), isRegistered: true)
        #expect(tally.enter(into: &written, queue(0), isWriting: false, at: at(10)) == .seconds(290))
        #expect(written.eventCount == 5)
        #expect(tally.enter(into: &written, queue(2, 1), isWriting: false, at: at(10)) == .seconds(5))
        #expect(written.queue == queue(0))
        #expect(tally.enter(into: &written, queue(2, 1, oldest: 3), isWriting: false, at: at(15)) == nil)
        #expect(written.queue == queue(2, 1, oldest: 3))
        #expect(written.eventCount == 6)
        tally.wrote(at: at(15))

        // That a task waits on is no news.
        #expect(tally.enter(into: &written, queue(2, 1, oldest: 20), isWriting: false, at: at(32)) == .seconds(283))
        #expect(tally.enter(into: &written, queue(2, 1, oldest: 310), isWriting: false, at: at(315)) == nil)
        #expect(written.queue.oldestPendingSeconds == 310)
    }

    @Test("given something else that is written, then the counts go along")
    func along() {
        var tally = AgentTally(hub())
        tally.wrote(at: at(0))
        tally.finishedTask()
        var written = hub()
        #expect(tally.enter(into: &written, queue(1), isWriting: true, at: at(1)) == nil)
        #expect(written.commandCount == 1)
        #expect(written.queue.pending == 1)
    }
}
