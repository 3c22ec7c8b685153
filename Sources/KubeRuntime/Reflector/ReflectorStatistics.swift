// SPDX-License-Identifier: Apache-2.0
public import KubeClient
import Synchronization

/// Counts what a ``Reflector`` does.
///
/// ```swift
/// let statistics = ReflectorStatistics()
/// let configuration = ReflectorConfiguration(metrics: statistics)
/// let lists = statistics.counts.lists[.expired]
/// ```
public final class ReflectorStatistics: ReflectorMetrics {
    /// The counts since the start.
    public struct Counts: Sendable {
        /// The lists that have begun, by cause.
        public var lists: [ListCause: Int] = [:]
        /// The lists that have begun as streams.
        public var streams = 0
        /// The lists that failed.
        public var failedLists = 0
        /// How long the last complete list took.
        public var lastListDuration = Duration.zero
        /// How many objects the last complete list held.
        public var lastListObjectCount = 0
        /// The watches that the server accepted.
        public var watches = 0
        /// The watches that ended at once and without an event.
        public var shortWatches = 0
        /// The events that came.
        public var events = 0
        /// The events that could not be used.
        public var droppedEvents = 0
        /// The version up to which the collection is known; empty before the first list.
        public var resourceVersion = ""
        fileprivate var advancedAt: AnyClock.Instant?

        /// How long ago the server last said up to which version the collection is known; nil before the first list.
        ///
        /// Servers send bookmarks about once a minute, so that this stays small even where nothing happens.
        public func resourceVersionAge(now: AnyClock.Instant) -> Duration? { advancedAt?.duration(to: now) }
    }

    private let state = Mutex(Counts())

    /// Creates counters at zero.
    public init() {}

    /// The counts at this moment.
    public var counts: Counts { state.withLock { $0 } }

    public func listStarted(because cause: ListCause, isStream: Bool) {
        state.withLock { counts in
            counts.lists[cause, default: 0] += 1
            if isStream { counts.streams += 1 }
        }
    }

    public func listEnded(after duration: Duration, objectCount: Int, error: KubeError?) {
        state.withLock { counts in
            if error != nil {
                counts.failedLists += 1
            } else {
                counts.lastListDuration = duration
                counts.lastListObjectCount = objectCount
            }
        }
    }

    public func watchStarted() { state.withLock { $0.watches += 1 } }

    public func watchEnded(after duration: Duration, eventCount: Int, isShort: Bool, error: KubeError?) {
        if isShort { state.withLock { $0.shortWatches += 1 } }
    }

    public func eventReceived(isDropped: Bool) {
        state.withLock { counts in
            counts.events += 1
            if isDropped { counts.droppedEvents += 1 }
        }
    }

    public func advanced(to resourceVersion: String, at time: AnyClock.Instant) {
        state.withLock { counts in
            counts.resourceVersion = resourceVersion
            counts.advancedAt = time
        }
    }
}
