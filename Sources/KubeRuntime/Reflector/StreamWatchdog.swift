// SPDX-License-Identifier: Apache-2.0
import Logging

/// Sees to it that a streaming list comes to an end.
struct StreamWatchdog: Sendable {
    let configuration: ReflectorConfiguration
    let clock: AnyClock
    let logger: Logger
    /// Is open once the list is complete.
    let completed: Latch

    /// Warns again and again until the list is complete.
    ///
    /// Returns true once it has taken too long, false once it is complete or the task is cancelled.
    func isTooLate() async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do { try await completed.wait() } catch { return false }
                return false
            }
            group.addTask { await warnUntilTooLate() }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    private func warnUntilTooLate() async -> Bool {
        let start = clock.now
        let limit = configuration.streamTimeout
        var elapsed = Duration.zero
        while elapsed < limit {
            elapsed = min(elapsed + configuration.streamWarningInterval, limit)
            do { try await clock.sleep(until: start.advanced(by: elapsed)) } catch { return false }
            logger.warning(
                "the server has accepted a streaming list and not completed it",
                metadata: ["after": "\(elapsed)", "limit": "\(limit)"]
            )
        }
        return true
    }
}
