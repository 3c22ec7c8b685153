// SPDX-License-Identifier: Apache-2.0

/// A clock of any sort, so that nothing in this library has to be generic over the one it uses.
///
/// Programs use ``continuous``; tests pass a clock that they move by hand.
///
/// ```swift
/// let queue = WorkQueue<String>(clock: AnyClock(myTestClock))
/// ```
public struct AnyClock: Clock {
    /// A moment, as the time since the ``AnyClock`` was made.
    public struct Instant: InstantProtocol {
        /// The time since the clock was made.
        public var offset: Duration

        /// Creates the moment that lies `offset` after the clock was made.
        @inlinable
        public init(offset: Duration) { self.offset = offset }

        /// The moment that lies some time after this one.
        @inlinable
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        /// How long it is from this moment to the other one.
        @inlinable
        public func duration(to other: Instant) -> Duration { other.offset - offset }

        /// Whether the first moment is the earlier one.
        @inlinable
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    /// The resolution of the clock beneath.
    public let minimumResolution: Duration
    private let elapsed: @Sendable () -> Duration
    private let wait: @Sendable (_ until: Duration, _ tolerance: Duration?) async throws -> Void

    /// Wraps a clock.
    public init<Base: Clock>(_ base: Base) where Base.Duration == Duration {
        let origin = base.now
        minimumResolution = base.minimumResolution
        elapsed = { origin.duration(to: base.now) }
        wait = { offset, tolerance in
            try await base.sleep(until: origin.advanced(by: offset), tolerance: tolerance)
        }
    }

    /// The system's monotonic clock.
    ///
    /// It also counts the time that the machine sleeps, which leases depend on.
    public static var continuous: AnyClock { AnyClock(ContinuousClock()) }

    /// The present.
    public var now: Instant { Instant(offset: elapsed()) }

    /// Waits for a moment; returns at once if it has passed.
    /// - Throws: `CancellationError` if the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try await wait(deadline.offset, tolerance)
    }
}
