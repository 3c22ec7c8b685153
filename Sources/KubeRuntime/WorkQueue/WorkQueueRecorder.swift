// SPDX-License-Identifier: Apache-2.0
import CoreMetrics

/// Turns what happens in a queue into its metrics.
@usableFromInline
struct WorkQueueRecorder: Sendable {
    private struct Stamps {
        var addedAt: AnyClock.Instant?
        var beganAt: AnyClock.Instant?
    }

    private let metrics: WorkQueueMetrics
    private var depths: [Int: Meter] = [:]
    private var otherDepth: Meter?
    /// By the number of a key's slot.
    private var stamps: [Stamps] = []
    /// The present, as the queue has set it.
    @usableFromInline var now = AnyClock.Instant(offset: .zero)

    @usableFromInline
    init(_ metrics: WorkQueueMetrics) { self.metrics = metrics }

    /// A key got ready, or is to be worked on once more.
    @usableFromInline
    mutating func added(_ slot: Int) {
        metrics.adds.increment()
        while stamps.count <= slot { stamps.append(Stamps()) }
        stamps[slot].addedAt = now
    }

    @usableFromInline
    mutating func delayed() { metrics.retries.increment() }

    /// A key took its place in line.
    @usableFromInline
    mutating func entered(priority: Int) { depth(priority).increment() }

    /// A key gave its place up without being delivered.
    @usableFromInline
    mutating func left(priority: Int) { depth(priority).decrement() }

    @usableFromInline
    mutating func began(_ slot: Int, priority: Int) {
        left(priority: priority)
        if let addedAt = stamps[slot].addedAt { metrics.queueDuration.record(addedAt.duration(to: now)) }
        stamps[slot] = Stamps(beganAt: now)
    }

    @usableFromInline
    mutating func ended(_ slot: Int) {
        guard let beganAt = stamps[slot].beganAt else { return }
        metrics.workDuration.record(beganAt.duration(to: now))
        stamps[slot].beganAt = nil
    }

    @usableFromInline
    func recordUnfinishedWork() {
        let ages = stamps.compactMap { $0.beganAt.map { $0.duration(to: now) / .seconds(1) } }
        metrics.unfinishedWork.record(ages.reduce(0, +))
        metrics.longestRunning.record(ages.max() ?? 0)
    }

    private mutating func depth(_ priority: Int) -> Meter {
        if let depth = depths[priority] ?? (depths.count < WorkQueueMetrics.maximumPriorities ? nil : otherDepth) {
            return depth
        }
        let isOther = depths.count >= WorkQueueMetrics.maximumPriorities
        let depth = metrics.depth(priority: isOther ? "other" : "\(priority)")
        if isOther { otherDepth = depth } else { depths[priority] = depth }
        return depth
    }
}
