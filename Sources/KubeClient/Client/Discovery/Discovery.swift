// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Knows which kinds a server serves, and asks again when it meets one that it does not know.
///
/// However many tasks ask at once, there is one discovery on its way at a time, and for words that are unknown at most
/// one in the `minimumInterval` that it is made with. What is known is kept until ``refresh()``, or until something is missed.
///
/// ```swift
/// let discovery = Discovery(client: client)
/// if let kind = try await discovery.resource(named: "deploy") {
///     let objects = client.resources(DynamicObject.self, of: kind.resource, namespace: "shop")
/// }
/// ```
public final class Discovery: Sendable {
    private typealias Fetch = Task<Result<DiscoverySnapshot, KubeError>, Never>

    private struct State {
        var machine: StateMachine
        var fetch: Fetch?
    }

    private let client: KubernetesClient
    private let state: Mutex<State>
    private let elapsed: @Sendable () -> Duration

    /// Creates a discovery that knows nothing yet.
    /// - Parameters:
    ///   - client: the connection to the server.
    ///   - minimumInterval: how long an unknown word leads to no further discovery after the last one.
    public convenience init(client: KubernetesClient, minimumInterval: Duration = .seconds(10)) {
        let origin = ContinuousClock.now
        self.init(client: client, minimumInterval: minimumInterval) { .now - origin }
    }

    init(client: KubernetesClient, minimumInterval: Duration, elapsed: @escaping @Sendable () -> Duration) {
        self.client = client
        self.elapsed = elapsed
        state = Mutex(State(machine: StateMachine(minimumInterval: minimumInterval)))
    }

    /// What the server serves, as far as known; asks it the first time.
    /// - Throws: ``KubeError`` if the server cannot be asked at all; then the next call asks again.
    public func snapshot() async throws(KubeError) -> DiscoverySnapshot {
        try await follow { machine, _ in machine.wantsAny() }
    }

    /// Asks the server anew.
    ///
    /// Joins a discovery that is on its way. A failure leaves what was known.
    @discardableResult
    public func refresh() async throws(KubeError) -> DiscoverySnapshot {
        try await follow { machine, _ in machine.wantsNew() }
    }

    /// The kind that people mean by a word; see ``DiscoverySnapshot/resource(named:)``.
    /// - Returns: nil if the server has no such kind.
    public func resource(named word: String) async throws(KubeError) -> DiscoveredResource? {
        try await find { $0.resource(named: word) }
    }

    /// The kind that objects name by their `apiVersion` and `kind`.
    /// - Returns: nil if the server has no such kind.
    public func resource(apiVersion: String, kind: String) async throws(KubeError) -> DiscoveredResource? {
        try await find { $0.resource(apiVersion: apiVersion, kind: kind) }
    }

    private func find(
        _ look: (DiscoverySnapshot) -> DiscoveredResource?
    ) async throws(KubeError) -> DiscoveredResource? {
        if let found = look(try await snapshot()) { return found }
        return look(try await follow { machine, now in machine.missed(now: now) })
    }

    private func follow(
        _ decide: (inout StateMachine, Duration) -> StateMachine.Action
    ) async throws(KubeError) -> DiscoverySnapshot {
        let (known, fetch): (DiscoverySnapshot?, Fetch?) = state.withLock { state in
            switch decide(&state.machine, elapsed()) {
            case .use(let snapshot): return (snapshot, nil)
            case .join: return (nil, state.fetch)
            case .fetch:
                let fetch = startFetch()
                state.fetch = fetch
                return (nil, fetch)
            }
        }
        if let known { return known }
        guard let fetch else { preconditionFailure("there is a discovery to join only while one is on its way") }
        return try await fetch.value.get()
    }

    /// Not a child of the task that happens to ask first: others may wait for it when that one is cancelled.
    private func startFetch() -> Fetch {
        Task {
            let result: Result<DiscoverySnapshot, KubeError>
            do throws(KubeError) { result = .success(try await client.discover()) } catch { result = .failure(error) }
            state.withLock { state in
                state.machine.fetched(try? result.get(), now: elapsed())
                state.fetch = nil
            }
            return result
        }
    }
}

extension Discovery {
    /// Decides when the server is asked.
    struct StateMachine: Sendable {
        enum Action: Sendable {
            case use(DiscoverySnapshot)
            /// Wait for the discovery that is on its way.
            case join
            /// Ask the server, then call `fetched`.
            case fetch
        }

        private let minimumInterval: Duration
        private var known: DiscoverySnapshot?
        private var isFetching = false
        private var fetchedAt: Duration?

        init(minimumInterval: Duration) { self.minimumInterval = minimumInterval }

        mutating func wantsAny() -> Action {
            if let known { return .use(known) }
            return wantsNew()
        }

        mutating func wantsNew() -> Action {
            if isFetching { return .join }
            isFetching = true
            return .fetch
        }

        /// What is wanted is not in what is known.
        mutating func missed(now: Duration) -> Action {
            // One that is on its way may have read the group in question before it changed; the interval ends that.
            if isFetching { return .join }
            if let known, let fetchedAt, now - fetchedAt < minimumInterval { return .use(known) }
            return wantsNew()
        }

        /// The server has answered; nil if that failed.
        mutating func fetched(_ snapshot: DiscoverySnapshot?, now: Duration) {
            isFetching = false
            fetchedAt = now
            if let snapshot { known = snapshot }
        }
    }
}
