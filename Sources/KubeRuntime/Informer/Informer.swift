// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
public import KubeClient
public import Logging
public import ServiceLifecycle
import Synchronization

/// Keeps the objects of one kind in memory, as new as the API server's, and tells handlers what happens to them.
///
/// One informer serves any number of readers (``store``) and handlers. It is a `Service`: it works while ``run()``
/// runs.
///
/// ```swift
/// let pods = Informer(client.resources(Pod.self), logger: logger)
/// try pods.addHandler { event in print(event.key) }
/// ```
public final class Informer<Object: KubernetesObject>: Service {
    private enum Phase {
        case new
        case running
        case stopped
    }

    private struct State {
        var phase = Phase.new
        var handlers: [InformerHandler<Object>] = []
        var hasSynced = false
    }

    /// The objects.
    ///
    /// A handler that reads it finds at least what it has been told.
    public let store: Store<Object>
    private let state = Mutex(State())
    private let synced = Latch()
    private let follow: @Sendable (@escaping @Sendable (ReflectorEvent<Object>) -> Void) async -> Void
    private let newHandlers: AsyncStream<InformerHandler<Object>>
    private let newHandlersContinuation: AsyncStream<InformerHandler<Object>>.Continuation

    /// Creates an informer.
    /// - Parameters:
    ///   - source: where the objects are, such as `client.resources(Pod.self)`.
    ///   - configuration: selectors, page size and delays.
    ///   - indexes: the ways to find objects in ``store``.
    ///   - clock: what delays are measured with.
    ///   - random: where jitter comes from.
    ///   - afterReplace: is called after each complete list, when its pages and the objects it replaced are gone: the
    ///     moment to give memory back to the system (`malloc_trim(0)` with glibc).
    public init<Source: ListerWatcher>(
        _ source: Source,
        configuration: ReflectorConfiguration = ReflectorConfiguration(),
        indexes: [Index<Object>] = [],
        clock: AnyClock = .continuous,
        random: RandomSource = .system,
        logger: Logger,
        afterReplace: @escaping @Sendable () -> Void = {}
    ) where Source.Object == Object {
        let reflector = Reflector(
            source,
            configuration: configuration,
            clock: clock,
            random: random,
            logger: logger
        )
        store = Store(indexes: indexes)
        follow = { await reflector.run(afterReplace: afterReplace, $0) }
        (newHandlers, newHandlersContinuation) = AsyncStream.makeStream()
    }

    /// Whether the store holds the first complete list.
    ///
    /// The handlers may not have heard of it yet.
    public var hasSynced: Bool { synced.isOpen }

    /// Waits until ``hasSynced`` is true.
    public func waitForSync() async throws(CancellationError) { try await synced.wait() }

    /// Adds a handler.
    ///
    /// It hears of every object that is already there, and from then on of every change, without a gap and without
    /// repetition.
    /// - Parameter handle: is called for one event after the other. It may take its time: other handlers do not wait
    ///   for it.
    /// - Throws: ``KubeError`` with ``KubeError/Code/cancelled`` if the informer has stopped.
    @discardableResult
    public func addHandler(
        _ handle: @escaping @Sendable (InformerEvent<Object>) async -> Void
    ) throws(KubeError) -> InformerHandler<Object> {
        let handler = InformerHandler(handle)
        let wakeup: InformerHandler<Object>.Wakeup? = state.withLock { state in
            guard state.phase != .stopped else { return nil }
            state.handlers.append(handler)
            // Under the lock that changes are applied under: none can fall between the list and the first event.
            let present = store.snapshot().map { StoreChange(key: $0.key, old: nil, new: $0.value) }
            return handler.record(present, initial: true, endsInitialList: state.hasSynced)
        }
        guard let wakeup else {
            throw KubeError(code: .cancelled, message: "the informer of \(Object.self) has stopped")
        }
        newHandlersContinuation.yield(handler)
        wakeup()
        return handler
    }

    /// Removes a handler: it hears of nothing more.
    ///
    /// Does nothing if it is not one of this informer's.
    public func removeHandler(_ handler: InformerHandler<Object>) {
        let isMine = state.withLock { state in
            guard let index = state.handlers.firstIndex(where: { $0 === handler }) else { return false }
            state.handlers.remove(at: index)
            return true
        }
        if isMine { handler.remove() }
    }

    /// Follows the collection until the task is cancelled or the service shut down.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration`` if it has run before.
    public func run() async throws {
        let isFirst = state.withLock { state in
            guard state.phase == .new else { return false }
            state.phase = .running
            return true
        }
        guard isFirst else {
            throw KubeError(code: .configuration, message: "the informer of \(Object.self) has run before")
        }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.follow { self.receive($0) } }
                for await handler in self.newHandlers { group.addTask { await handler.run() } }
            }
        }
        state.withLock { state in
            state.phase = .stopped
            state.handlers = []
        }
        newHandlersContinuation.finish()
    }

    private func receive(_ event: ReflectorEvent<Object>) {
        switch event {
        case .applied(let object):
            tell { [store] in CollectionOfOne(store.applyReturningChange(object)) }
        case .deleted(let object):
            tell { [store] in store.deleteReturningChange(object).map { [$0] } ?? [] }
        case .bookmark(let resourceVersion):
            store.bookmark(resourceVersion: resourceVersion)
        case .replaced(let objects, let resourceVersion):
            tell(isList: true) { [store] in
                store.replaceReturningChanges(objects, resourceVersion: resourceVersion)
            }
            synced.open()
        }
    }

    /// Changes the store and notes that for every handler.
    private func tell(isList: Bool = false, _ change: () -> some Sequence<StoreChange<Object>>) {
        let wakeups = state.withLock { state in
            let changes = change()
            let isInitial = isList && !state.hasSynced
            if isList { state.hasSynced = true }
            return state.handlers.map { handler in
                handler.record(changes, initial: isInitial, endsInitialList: isList)
            }
        }
        for wakeup in wakeups { wakeup() }
    }
}
