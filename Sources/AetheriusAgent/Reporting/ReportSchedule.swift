// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeRuntime

/// Decides when an agent writes its report.
///
/// Pure: it has no clock. News goes out after ``shortestInterval``, so that what happens together is told together;
/// other changes wait for ``routineInterval``; nothing is written if nothing has changed; and within a minute there are
/// never more than 12 tries.
struct ReportSchedule: Sendable {
    /// How much a report has changed since the last one that reached the hub.
    enum Change: Sendable, Comparable {
        /// Not at all.
        case none
        /// Numbers.
        case routine
        /// Something that somebody may have to act on.
        case news
    }

    /// The time between two tries, which makes 12 of them in a minute.
    static let shortestInterval = Duration.seconds(5)

    /// The time between two writes that are not about news.
    var routineInterval = Duration.seconds(60)

    private var backoff = FullJitterBackoff()
    private var lastTry: AnyClock.Instant?
    private var lastSuccess: AnyClock.Instant?
    private var notBefore: AnyClock.Instant?

    init() {}

    /// Whether to write now.
    func isDue(_ change: Change, at now: AnyClock.Instant) -> Bool {
        if change == .none { return false }
        if let notBefore, now < notBefore { return false }
        if let lastTry, lastTry.duration(to: now) < Self.shortestInterval { return false }
        guard change == .routine, let lastSuccess else { return true }
        return lastSuccess.duration(to: now) >= routineInterval
    }

    /// Notes that a try begins.
    mutating func began(at now: AnyClock.Instant) {
        lastTry = now
    }

    /// Notes that the hub has the report.
    mutating func succeeded(at now: AnyClock.Instant) {
        lastSuccess = now
        notBefore = nil
        backoff.succeeded(at: now)
    }

    /// Notes that the hub has not got the report.
    /// - Returns: how long nothing is tried.
    mutating func failed(_ error: KubeError, at now: AnyClock.Instant, random: Double) -> Duration {
        let delay = backoff.failed(at: now, retryAfter: error.retryAfter, random: random)
        notBefore = now.advanced(by: delay)
        return delay
    }
}
