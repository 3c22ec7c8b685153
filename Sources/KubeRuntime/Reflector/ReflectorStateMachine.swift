// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// How a collection is followed: list it, watch it from there, and recover from whatever interrupts that.
///
/// It does nothing itself. Each input returns what to do next; the outcome of that is the next input.
struct ReflectorStateMachine<Object: KubernetesObject>: Sendable {
    /// What to do next.
    enum Step: Sendable {
        /// Ask for a page, then call `listed` or `listFailed`.
        case list(ListOptions)
        /// Pass on the whole collection, then go on with the watch.
        case replace([Object], resourceVersion: String, watch: WatchOptions)
        /// Open a watch, then call `watchStarted` or `watchFailedToStart`.
        case watch(WatchOptions)
        /// Wait because of the error, then call `waited`.
        case wait(Duration, because: KubeError)
    }

    /// What to do with an event of a watch.
    enum Outcome: Sendable {
        case applied(Object)
        case deleted(Object)
        case bookmark(resourceVersion: String)
        /// The event cannot be used; go on.
        case dropped
        /// The watch is of no more use; let go of it.
        case abandon(Step)
    }

    private struct Listing {
        /// The version asked for; empty for the newest.
        var resourceVersion: String
        var items: [Object] = []
        var pages = 0
        var limit: Int?
        /// Whether this is already the second attempt, for the newest data.
        var isFallback = false
    }

    private struct Watching {
        var startedAt: AnyClock.Instant
        var eventCount = 0
        /// Whether the versions of events say how far the watch has come.
        ///
        /// The first events of a watch that started nowhere are the present objects, in no order.
        var advances: Bool
    }

    private enum Next {
        case list
        case watch
    }

    private enum State {
        case idle
        case listing(Listing)
        case startingWatch(advances: Bool)
        case watching(Watching)
        case waiting(Next)
    }

    private let configuration: ReflectorConfiguration
    private let random: RandomSource
    private var backoff: Backoff
    private var state = State.idle
    /// How far the collection is known; nil before the first list.
    private(set) var resourceVersion: String?
    /// Whether the server has said that it no longer has, or does not yet have, `resourceVersion`.
    private var isVersionUnavailable = false
    /// Whether the server answers in pages even from its cache (because it has none).
    private var alwaysPages = false

    init(configuration: ReflectorConfiguration, random: RandomSource) {
        self.configuration = configuration
        self.random = random
        backoff = configuration.backoff
    }

    // MARK: List

    mutating func start() -> Step {
        // The newest data is the only one that servers page without asking for exactly that old version.
        if configuration.alwaysPages { return list(from: "", isFallback: false) }
        // "0" lets the server answer from its cache. Later lists must not fall behind what is already known.
        return list(from: isVersionUnavailable ? "" : resourceVersion ?? "0", isFallback: false)
    }

    private mutating func list(from version: String, isFallback: Bool) -> Step {
        // A limit makes older servers bypass their cache, so it is left out where the cache can answer.
        let limited = version.isEmpty || version == "0" || alwaysPages
        let listing = Listing(
            resourceVersion: version,
            limit: limited ? configuration.pageSize : nil,
            isFallback: isFallback
        )
        state = .listing(listing)
        return .list(options(for: listing))
    }

    private func options(for listing: Listing, continueToken: String? = nil) -> ListOptions {
        // A later page belongs to the version of the first; asking for one again is an error.
        let version = continueToken == nil && !listing.resourceVersion.isEmpty ? listing.resourceVersion : nil
        return ListOptions(
            labelSelector: configuration.labelSelector,
            fieldSelector: configuration.fieldSelector,
            resourceVersion: version,
            limit: listing.limit,
            continueToken: continueToken
        )
    }

    mutating func listed(_ page: ResourceList<Object>) -> Step {
        guard case .listing(var listing) = state else { preconditionFailure("a page came without a list") }
        // The one reference to the objects is now here, so adding to them copies nothing.
        state = .idle
        if listing.pages == 0 { listing.items = page.items } else { listing.items.append(contentsOf: page.items) }
        listing.pages += 1
        if let token = page.metadata.continueToken, !token.isEmpty {
            state = .listing(listing)
            return .list(options(for: listing, continueToken: token))
        }
        if listing.resourceVersion == "0", listing.pages > 1 { alwaysPages = true }
        let version = page.metadata.resourceVersion ?? ""
        resourceVersion = version
        isVersionUnavailable = false
        return .replace(listing.items, resourceVersion: version, watch: watchOptions())
    }

    mutating func listFailed(_ error: KubeError, now: AnyClock.Instant) -> Step {
        guard case .listing(let listing) = state else { preconditionFailure("a failure came without a list") }
        if error.code == .expired, listing.pages > 0 {
            // The list took longer than the server remembers the first page's version: all at once, then.
            var whole = Listing(resourceVersion: listing.resourceVersion, isFallback: listing.isFallback)
            whole.limit = nil
            state = .listing(whole)
            return .list(options(for: whole))
        }
        let isUnavailable = error.code == .expired || error.code == .resourceVersionTooLarge
        if isUnavailable {
            isVersionUnavailable = true
            if !listing.isFallback { return list(from: "", isFallback: true) }
        }
        return wait(for: .list, because: error, now: now)
    }

    // MARK: Watch

    private mutating func watchOptions() -> WatchOptions {
        let version = resourceVersion ?? ""
        state = .startingWatch(advances: !version.isEmpty && version != "0")
        let shortest = configuration.minimumWatchSeconds
        return WatchOptions(
            labelSelector: configuration.labelSelector,
            fieldSelector: configuration.fieldSelector,
            resourceVersion: version.isEmpty ? nil : version,
            allowsBookmarks: true,
            // Spread, so that the watches of many clients do not end together.
            timeoutSeconds: shortest + Int(Double(shortest) * random.next())
        )
    }

    mutating func watchStarted(now: AnyClock.Instant) {
        guard case .startingWatch(let advances) = state else { preconditionFailure("nobody asked for a watch") }
        state = .watching(Watching(startedAt: now, advances: advances))
    }

    mutating func watchFailedToStart(_ error: KubeError, now: AnyClock.Instant) -> Step {
        guard case .startingWatch = state else { preconditionFailure("nobody asked for a watch") }
        // A server that is away or overloaded has not forgotten anything, and a list would only add to its load.
        let next: Next = error.code == .connection || error.code == .tooManyRequests ? .watch : .list
        return wait(for: next, because: error, now: now)
    }

    mutating func received(_ event: WatchEvent<Object>, now: AnyClock.Instant) -> Outcome {
        guard case .watching(var watching) = state else { preconditionFailure("an event came without a watch") }
        watching.eventCount += 1
        defer { if case .watching = state { state = .watching(watching) } }
        switch event {
        case .added(let object):
            guard let version = Self.version(of: object) else { return .dropped }
            if watching.advances { resourceVersion = version }
            return .applied(object)
        case .modified(let object):
            guard let version = Self.version(of: object) else { return .dropped }
            watching.advances = true
            resourceVersion = version
            return .applied(object)
        case .deleted(let object):
            guard let version = Self.version(of: object) else { return .dropped }
            watching.advances = true
            resourceVersion = version
            return .deleted(object)
        case .bookmark(let bookmark):
            guard !bookmark.resourceVersion.isEmpty else { return .dropped }
            watching.advances = true
            resourceVersion = bookmark.resourceVersion
            return .bookmark(resourceVersion: bookmark.resourceVersion)
        case .error(let status):
            let error = KubeError(status: status)
            let next: Next = error.code == .tooManyRequests ? .watch : .list
            return .abandon(wait(for: next, because: error, now: now))
        }
    }

    /// The version of an object that can be told apart from others; nil if it has no name or no version.
    private static func version(of object: Object) -> String? {
        let metadata = object.metadata
        guard !metadata.name.isEmpty, let version = metadata.resourceVersion, !version.isEmpty else { return nil }
        return version
    }

    /// The watch has ended: normally, or with an error.
    mutating func watchEnded(_ error: KubeError?, now: AnyClock.Instant) -> Step {
        guard case .watching(let watching) = state else { preconditionFailure("the end came without a watch") }
        switch error?.code {
        case nil, .connection?, .deadlineExceeded?, .serverTimeout?, .unavailable?:
            // A connection that breaks is as ordinary as one that is closed: what is known so far still holds.
            let isShort = watching.startedAt.duration(to: now) < configuration.shortestHealthyWatch
            guard isShort, watching.eventCount == 0 else { return .watch(watchOptions()) }
            let reason = error.map { "\($0)" } ?? "the server closed it"
            return wait(
                for: .list,
                because: KubeError(code: .connection, message: "the watch ended before anything came: \(reason)"),
                now: now
            )
        case .tooManyRequests?:
            return wait(for: .watch, because: error ?? Self.unknown, now: now)
        default:
            // Something was lost or could not be understood: only a list tells what the collection is now.
            return wait(for: .list, because: error ?? Self.unknown, now: now)
        }
    }

    private static var unknown: KubeError { KubeError(code: .unexpectedResponse, message: "the watch failed") }

    // MARK: Wait

    private mutating func wait(for next: Next, because error: KubeError, now: AnyClock.Instant) -> Step {
        state = .waiting(next)
        let delay = backoff.delay(now: now, random: random.next())
        // A server that names a time knows better.
        return .wait(max(delay, error.retryAfter ?? .zero), because: error)
    }

    mutating func waited() -> Step {
        guard case .waiting(let next) = state else { preconditionFailure("nobody waited") }
        switch next {
        case .list: return start()
        case .watch: return .watch(watchOptions())
        }
    }
}
