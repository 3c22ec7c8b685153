// SPDX-License-Identifier: Apache-2.0
import KubeRuntime
import Synchronization

/// How many tasks may be opened automatically in a minute.
///
/// What does not get a place waits: the report that asks for it stays.
final class OpeningBudget: Sendable {
    private let limit: Int
    private let clock: AnyClock
    private let openings = Mutex<[AnyClock.Instant]>([])

    /// - Parameter limit: the most in any minute, at least 1.
    init(limit: Int, clock: AnyClock = .continuous) {
        self.limit = max(1, limit)
        self.clock = clock
    }

    /// Takes a place.
    /// - Returns: nil if there was one, else how long until there is one.
    func take() -> Duration? { take(at: clock.now) }

    func take(at now: AnyClock.Instant) -> Duration? {
        openings.withLock { openings in
            openings.removeAll { $0.duration(to: now) >= .seconds(60) }
            if openings.count < limit {
                openings.append(now)
                return nil
            }
            return max(.milliseconds(10), .seconds(60) - openings[0].duration(to: now))
        }
    }

    /// Gives back the place that was taken last: nothing was opened.
    func giveBack() {
        openings.withLock { _ = $0.popLast() }
    }
}
