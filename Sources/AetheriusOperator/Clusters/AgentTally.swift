// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime

/// Counts what comes from one agent, and decides when that is written into its status.
///
/// Pure: it is told everything, the time included. What it starts from is what the status says, so a restart of the
/// operator loses at most what came after the last write.
struct AgentTally: Sendable {
    /// How often the counts are written at most when nothing else is.
    static let countInterval = Duration.seconds(300)
    /// How often the queue is written at most when nothing else is.
    static let queueInterval = Duration.seconds(15)
    /// What the definition of the resource allows; whatever an agent claims, it is not exceeded.
    static let maximum: Int64 = 9_007_199_254_740_991

    private var events: (since: Timestamp?, total: Int64)?
    private var metricsAt: Timestamp?
    private var hasSeen = false
    private var writtenAt: AnyClock.Instant?
    private(set) var eventCount: Int64
    private(set) var metricsCount: Int64
    private(set) var commandCount: Int64

    init(_ written: ClusterAgent.Hub) {
        (eventCount, metricsCount, commandCount) = (written.eventCount, written.metricsCount, written.commandCount)
    }

    /// Takes in what the agent reports.
    /// - Parameter isRegistered: what comes from somebody who is not registered does not count.
    mutating func observe(_ report: ClusterAgent.AgentReport?, isRegistered: Bool) {
        defer { hasSeen = true }
        guard isRegistered else {
            (eventCount, metricsCount, commandCount) = (0, 0, 0)
            return note(report)
        }
        if let summary = report?.events { add(Self.growth(of: summary, since: events, counted: eventCount)) }
        let isNew = report?.metrics?.observedAt != metricsAt && report?.metrics != nil
        // Which report of numbers was counted before this process began, nobody knows any more.
        if isNew, hasSeen || metricsCount == 0 { metricsCount = min(metricsCount + 1, Self.maximum) }
        note(report)
    }

    private static func growth(
        of summary: ClusterAgent.EventSummary,
        since known: (since: Timestamp?, total: Int64)?,
        counted: Int64
    ) -> Int64 {
        let total = min(max(0, summary.total), maximum)
        // An agent that has started anew counts from the beginning.
        guard let known else { return max(0, total - counted) }
        return known.since == summary.since ? max(0, total - known.total) : total
    }

    private mutating func add(_ growth: Int64) { eventCount = min(eventCount + growth, Self.maximum) }

    private mutating func note(_ report: ClusterAgent.AgentReport?) {
        if let summary = report?.events { events = (summary.since, min(max(0, summary.total), Self.maximum)) }
        if let metrics = report?.metrics { metricsAt = metrics.observedAt }
    }

    /// Notes that the agent has finished a task.
    mutating func finishedTask() { commandCount = min(commandCount + 1, Self.maximum) }

    /// Puts the counts and the queue into what is about to be written, if it is time to write them.
    /// - Parameters:
    ///   - hub: what is about to be written, with the counts that are written already.
    ///   - queue: what waits for the agent now.
    ///   - isWriting: whether something else is written anyway.
    /// - Returns: when it will be time; nil if there is nothing that would have to be written.
    func enter(
        into hub: inout ClusterAgent.Hub,
        _ queue: ClusterAgent.Queue,
        isWriting: Bool,
        at now: AnyClock.Instant
    ) -> Duration? {
        let isQueueNew = hub.queue.pending != queue.pending || hub.queue.running != queue.running
        let isNew =
            isQueueNew || hub.queue != queue || hub.eventCount != eventCount || hub.metricsCount != metricsCount
            || hub.commandCount != commandCount
        guard isNew else { return nil }
        if !isWriting, let writtenAt {
            let due = writtenAt.advanced(by: isQueueNew ? Self.queueInterval : Self.countInterval)
            guard now >= due else { return now.duration(to: due) }
        }
        (hub.eventCount, hub.metricsCount, hub.commandCount) = (eventCount, metricsCount, commandCount)
        hub.queue = queue
        return nil
    }

    /// Notes that the status was written.
    mutating func wrote(at now: AnyClock.Instant) { writtenAt = now }
}
