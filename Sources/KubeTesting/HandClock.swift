// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A clock that only moves when a test says so, and that nobody may sleep by.
public final class HandClock: Clock {
    /// A moment, as the time since the beginning.
    public struct Instant: InstantProtocol {
        var offset: Duration

        /// The moment that lies some time after this one.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        /// How long it is from this moment to the other one.
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        /// Whether the first moment is the earlier one.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Duration.zero)

    /// Creates a clock that stands at the beginning.
    public init() {}

    /// The present, which stands still.
    public var now: Instant { Instant(offset: time.withLock { $0 }) }
    /// The resolution of the times that it can be moved by.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Moves the clock.
    public func advance(by duration: Duration) { time.withLock { $0 += duration } }

    /// Moves the clock to some seconds after the beginning.
    public func move(to seconds: Int) { time.withLock { $0 = .seconds(seconds) } }

    /// Throws `CancellationError` at once: who sleeps would never wake up.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws { throw CancellationError() }
}
