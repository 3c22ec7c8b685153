// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

@testable import AetheriusAgent

@Suite("Folding of events")
struct EventFolderTests {
    private let start = Timestamp(seconds: 1_800_000_000)

    private func observation(
        _ uid: String,
        count: Int = 1,
        workload: String = "web",
        reason: String = "BackOff",
        container: String? = "app",
        severity: Severity = .high,
        after seconds: Int64 = 0,
        isInitial: Bool = false
    ) -> EventObservation {
        let time = Timestamp(seconds: start.seconds + seconds)
        return EventObservation(
            eventUID: uid,
            seriesCount: count,
            owner: ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: workload),
            sample: "\(workload)-\(uid)",
            container: container,
            reason: reason,
            severity: severity,
            message: "message of \(uid)",
            firstSeen: time,
            lastSeen: time,
            isInitial: isInitial
        )
    }

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: start.seconds + seconds) }

    @Test("given events of several pods of a workload, when they are folded, then there is one item with all of them")
    func folded() {
        var folder = EventFolder(since: start)
        for (number, uid) in ["a", "b", "c"].enumerated() { folder.observe(observation(uid, after: Int64(number))) }
        let summary = folder.summary()
        #expect(summary.items.count == 1)
        #expect(summary.items.first?.count == 3)
        #expect(summary.items.first?.sample == "web-c")
        #expect(summary.items.first?.message == "message of c")
        #expect(summary.items.first?.firstSeen == at(0))
        #expect(summary.items.first?.lastSeen == at(2))
        #expect((summary.total, summary.distinct, summary.dropped) == (3, 1, 0))
    }

    @Test("given another reason, container or workload, then there is another item")
    func distinguished() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a"))
        folder.observe(observation("b", reason: "FailedMount"))
        folder.observe(observation("c", container: "sidecar"))
        folder.observe(observation("d", workload: "cart"))
        #expect(folder.summary().items.count == 4)
        #expect(folder.summary().distinct == 4)
    }

    @Test("given an Event object that counts up, then only what is new counts")
    func series() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a", count: 5, isInitial: true))
        folder.observe(observation("a", count: 7, after: 10))
        folder.observe(observation("a", count: 7, after: 11))
        #expect(folder.summary().items.first?.count == 7)
        #expect(folder.total == 7)
    }

    @Test("given a live event whose object is not known, then it happened once, whatever it counted before")
    func liveSeries() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a", count: 400))
        #expect(folder.total == 1)
    }

    @Test(
        "given a workload that is well again, when nothing happens for a minute, then the item is resolved, and open again with the next event"
    )
    func resolved() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a"))
        folder.judge(at: at(59)) { _ in .healthy }
        #expect(folder.summary().items.first?.resolvedAt == nil)
        folder.judge(at: at(60)) { _ in .unhealthy }
        #expect(folder.summary().items.first?.resolvedAt == nil)
        folder.judge(at: at(60)) { _ in .healthy }
        #expect(folder.summary().items.first?.resolvedAt == at(60))
        folder.observe(observation("a", count: 2, after: 90))
        #expect(folder.summary().items.first?.resolvedAt == nil)
        #expect(folder.summary().items.first?.count == 2)
    }

    @Test("given an object that cannot be looked at, then the item is resolved only after a long quiet")
    func unknown() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a"))
        folder.judge(at: at(1799)) { _ in .unknown }
        #expect(folder.summary().items.first?.resolvedAt == nil)
        folder.judge(at: at(1800)) { _ in .unknown }
        #expect(folder.summary().items.first?.resolvedAt == at(1800))
    }

    @Test("given an item that is over, then it stays until the hub has heard so, and for a quarter of an hour")
    func retained() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a"))
        folder.told(folder.summary().items)
        folder.judge(at: at(60)) { _ in .gone }
        folder.judge(at: at(60 + 3600)) { _ in .gone }
        #expect(folder.hasNews)
        folder.told(folder.summary().items)
        #expect(!folder.hasNews)
        folder.judge(at: at(60 + 3600)) { _ in .gone }
        #expect(folder.entries.isEmpty)
    }

    @Test("given events from before the agent's start of a workload that is well, then they are not reported at all")
    func past() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a", after: -600, isInitial: true))
        folder.judge(at: start) { _ in .healthy }
        #expect(folder.entries.isEmpty)
        #expect(folder.total == 1)
    }

    @Test(
        "given more items than there is room for, then what is over goes first, then the less bad, and what was not told is counted"
    )
    func eviction() {
        var folder = EventFolder(since: start, bufferSize: 10)
        folder.observe(observation("critical", workload: "critical", severity: .critical, after: -100))
        for number in 0..<30 {
            folder.observe(observation("\(number)", workload: "w\(number)", severity: .low, after: Int64(number)))
        }
        #expect(folder.entries.count == 10)
        #expect(folder.entries.values.contains { $0.owner.name == "critical" })
        #expect(folder.entries.values.contains { $0.owner.name == "w29" })
        #expect(folder.dropped == 21)
        #expect(folder.total == 31)
        #expect(folder.distinct == 31)
    }

    @Test(
        "given more open items than a report holds, when one report after the other is told, then the hub hears of all"
    )
    func rotation() {
        var folder = EventFolder(since: start)
        for number in 0..<50 { folder.observe(observation("\(number)", workload: "w\(number)")) }
        var told: Set<String> = []
        for _ in 0..<3 {
            let items = folder.summary().items
            #expect(items.count == 20)
            told.formUnion(items.map(\.object.name))
            folder.told(items)
        }
        #expect(told.count == 50)
        #expect(!folder.hasNews)
    }

    @Test("given what an earlier process told, then it goes on from there and does not count twice")
    func restored() throws {
        var before = EventFolder(since: start)
        before.observe(observation("a", count: 5, isInitial: true))
        let summary = before.summary()

        var folder = EventFolder(since: at(100))
        folder.restore(summary, at: at(100))
        folder.observe(observation("a", count: 5, isInitial: true))
        #expect(folder.summary().items.first?.count == 5)
        folder.observe(observation("a", count: 6, after: 101))
        #expect(folder.summary().items.first?.count == 6)
        // It mended while nobody looked.
        folder.judge(at: at(300)) { _ in .healthy }
        #expect(folder.hasNews)
        #expect(folder.summary().items.first?.resolvedAt == at(300))
    }

    @Test("given settings that report less, then what is no longer wanted is forgotten")
    func kept() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a", severity: .low))
        folder.observe(observation("b", workload: "cart", severity: .high))
        folder.rate { $0.severity >= .high ? $0.severity : nil }
        #expect(folder.summary().items.map(\.object.name) == ["cart"])
    }

    @Test("given settings that rate anew, then what is there is as bad as they say, and what is worse now is news")
    func rated() {
        var folder = EventFolder(since: start)
        folder.observe(observation("a", severity: .medium))
        folder.observe(observation("b", workload: "cart", severity: .high))
        folder.told(folder.summary().items)
        folder.rate { $0.owner.name == "cart" ? .low : .medium }
        #expect(!folder.hasNews)
        folder.rate { $0.owner.name == "cart" ? .low : .critical }
        #expect(folder.hasNews)
        #expect(folder.summary().items.map(\.severity) == [.critical, .low])
    }

    @Test("given what was over before the hub heard of it, then it does not wait to be told; what lasts does")
    func waiting() {
        var folder = EventFolder(since: start)
        for number in 0..<100 { folder.observe(observation("\(number)", workload: "w\(number)")) }
        #expect(folder.untoldCount() == 100)
        #expect(folder.untoldCount(besides: Set(folder.summary().items.map(\.key))) == 80)
        folder.told(folder.summary().items)
        folder.judge(at: at(60)) { _ in .gone }
        // That the first are over is still to be told.
        #expect(folder.untoldCount() == 20)
        folder.told(folder.summary().items)
        #expect(folder.untoldCount() == 0)
    }

    @Test("given totals that an earlier process has told, then they go on, and what it had counted counts once")
    func totals() {
        var before = EventFolder(since: start)
        for number in 0..<6 { before.observe(observation("\(number)", workload: "w\(number)", after: Int64(number))) }
        var folder = EventFolder(since: at(100))
        folder.restore(before.summary(), at: at(100))
        #expect((folder.total, folder.distinct) == (6, 6))
        #expect(folder.summary().since == start)
        // The list has what the earlier process saw, also what it did not name, and what came while there was none.
        for number in 0..<6 {
            folder.observe(observation("\(number)", workload: "w\(number)", after: Int64(number), isInitial: true))
        }
        folder.observe(observation("x", workload: "x", after: 3, isInitial: true))
        #expect((folder.total, folder.distinct) == (6, 6))
        folder.observe(observation("y", workload: "y", after: 50, isInitial: true))
        folder.observe(observation("0", count: 2, workload: "w0", after: 101))
        #expect((folder.total, folder.distinct) == (8, 7))
    }

    @Test("given totals that cannot be, then they are brought to what a status can hold")
    func absurdTotals() {
        var summary = ClusterAgent.EventSummary()
        (summary.total, summary.distinct) = (.max, -1)
        summary.since = at(500)
        var folder = EventFolder(since: start)
        folder.restore(summary, at: start)
        folder.observe(observation("a"))
        #expect((folder.total, folder.distinct) == (EventFolder.maximumTotal, 1))
        #expect(folder.countedSince == start)
    }
}
