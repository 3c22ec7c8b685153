// SPDX-License-Identifier: Apache-2.0
import KubeRuntime
import Synchronization

/// A clock that a test moves by hand; nobody sleeps by it here.
final class HandClock: Clock, Sendable {
    typealias Instant = AnyClock.Instant
    private let time = Mutex(Duration.zero)

    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .nanoseconds(1) }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws { throw CancellationError() }
    func move(to seconds: Int) { time.withLock { $0 = .seconds(seconds) } }
}
