// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// How a collection is followed: list it, watch it from there, and recover from whatever interrupts that.
///
/// It does nothing itself, and holds no objects. Each input returns what to do next; the outcome of that is the next
/// input.
struct ReflectorStateMachine<Object: KubernetesObject>: Sendable {
    /// What to do next.
    enum Step: Sendable {
        /// Ask for a page, then call `listed` or `listFailed`.
        ///
        /// What was listed before the first page does not count.
        case list(ListOptions, isFirstPage: Bool)
        /// Put what was listed in the place of all that was known, then go on with the watch.
        case replace(resourceVersion: String, watch: WatchOptions)
        /// Open a watch, then call `watchStarted` or `watchFailedToStart`.
        ///
        /// If it sends initial events, what was listed before does not count.
        case watch(WatchOptions)
        /// Wait because of the error, then call `waited`.
        case wait(Duration, because: KubeError)
    }

    /// What to do with an event of a watch.
    enum Outcome: Sendable {
        case applied(Object)
        case deleted(Object)
        case bookmark(resourceVersion: String)
        /// The object belongs to the list that the stream is about to complete.
        case listed(Object)
        /// The object has gone from that list.
        case unlisted(Object)
        /// The stream has completed the list; put it in the place of all that was known.
        case replaced(resourceVersion: String)
        /// The event means nothing here; go on.
        case ignored
        /// The event cannot be used; go on.
        case dropped
        /// The watch is of no more use; let go of it.
        case abandon(Step)
    }

    struct Listing {
        /// The version asked for; empty for the newest.
        var resourceVersion: String
        var pages = 0
        var limit: Int?
        /// Whether this is already the second attempt, for the newest data.
        var isFallback = false
    }

    struct Watching {
        var startedAt: AnyClock.Instant
        var eventCount = 0
        /// Whether the versions of events say how far the watch has come.
        ///
        /// The first events of a watch that started nowhere are the present objects, in no order.
        var advances: Bool
        /// Whether the stream has yet to complete a list.
        var isStreamingList: Bool
    }

    enum Next {
        case start
        case stream
        case watch
    }

    enum State {
        case idle
        case listing(Listing)
        case startingWatch(advances: Bool, isStreamingList: Bool)
        case watching(Watching)
        case waiting(Next)
    }

    /// How many streams in a row may break before they have completed a list.
    static var maximumBrokenStreams: Int { 5 }

    let configuration: ReflectorConfiguration
    let random: RandomSource
    /// Whether an object is of the kind that was asked for.
    let accepts: @Sendable (Object) -> Bool
    var backoff: Backoff
    var state = State.idle
    /// How far the collection is known; nil before the first list.
    var resourceVersion: String?
    /// Whether the server has said that it no longer has, or does not yet have, `resourceVersion`.
    var isVersionUnavailable = false
    /// Whether the server answers in pages even from its cache (because it has none).
    var alwaysPages = false
    /// Whether the server has accepted a streaming list and not completed it in time.
    var hasGivenUpStreams = false
    /// How many streams in a row have broken.
    var brokenStreams = 0
    /// Why the list that comes next, or runs, is made.
    var cause = ListCause.start

    init(
        configuration: ReflectorConfiguration,
        random: RandomSource,
        accepts: @escaping @Sendable (Object) -> Bool = { _ in true }
    ) {
        self.configuration = configuration
        self.random = random
        self.accepts = accepts
        backoff = configuration.backoff
    }

    /// Reads the whole collection, in the best way that the server offers.
    mutating func start() -> Step {
        brokenStreams = 0
        return configuration.streamsLists && !hasGivenUpStreams ? stream() : list()
    }

    // MARK: Wait

    mutating func wait(for next: Next, because error: KubeError, now: AnyClock.Instant) -> Step {
        state = .waiting(next)
        let delay = backoff.delay(now: now, random: random.next())
        // A server that names a time knows better.
        return .wait(max(delay, error.retryAfter ?? .zero), because: error)
    }

    mutating func waited() -> Step {
        guard case .waiting(let next) = state else { preconditionFailure("nobody waited") }
        switch next {
        case .start: return start()
        case .stream: return stream()
        case .watch: return .watch(watchOptions())
        }
    }
}
