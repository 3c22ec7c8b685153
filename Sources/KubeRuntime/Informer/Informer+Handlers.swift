// SPDX-License-Identifier: Apache-2.0
import KubeAPI
public import KubeClient
import Synchronization

extension Informer {
    /// Adds a handler of objects.
    ///
    /// It hears of every object that is already there, and from then on of every change, without a gap and without
    /// repetition. A handler that is slow hears less often: several changes of one object become one, so that what
    /// waits for it is never more than one entry for each object. Other handlers do not wait for it.
    /// - Parameters:
    ///   - resyncPeriod: how often the handler is to hear again of every object that has not changed, as an update from
    ///     the object to itself; nil or zero for never. At least a second.
    ///   - handle: is called for one event after the other. An error that it throws is logged and counted, and the next
    ///     event is delivered; if the object belongs to the initial list, the handler never counts as synced.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/cancelled`` if the informer has stopped.
    @discardableResult
    public func addHandler(
        resyncPeriod: Duration? = nil,
        _ handle: @escaping @Sendable (InformerEvent<Object>) async throws -> Void
    ) throws(KubeError) -> InformerHandler<Object> {
        try add(
            InformerHandler(resyncPeriod: resyncPeriod) { events in
                for event in events { try await handle(event) }
            }
        )
    }

    /// Adds a handler that only hears which object something happened to.
    ///
    /// What the object is now is in ``store``.
    /// - Parameters:
    ///   - resyncPeriod: how often the handler is to hear again of every object; nil or zero for never.
    ///   - handle: is called for one name after the other.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/cancelled`` if the informer has stopped.
    @discardableResult
    public func addKeyHandler(
        resyncPeriod: Duration? = nil,
        _ handle: @escaping @Sendable (ObjectKey) async throws -> Void
    ) throws(KubeError) -> InformerHandler<Object> {
        try add(
            InformerHandler(resyncPeriod: resyncPeriod) { events in
                // An object that has taken another's name is two events of one key.
                if let event = events.first { try await handle(event.key) }
            }
        )
    }

    private func add(_ handler: InformerHandler<Object>) throws(KubeError) -> InformerHandler<Object> {
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

    /// How many objects the handlers have yet to hear of, together.
    public var backlog: Int { state.withLock { $0.handlers }.reduce(0) { $0 + $1.backlog } }

    /// Tells a handler of every object again.
    func resync(_ handler: InformerHandler<Object>) {
        let wakeup: InformerHandler<Object>.Wakeup? = state.withLock { state in
            guard state.hasSynced else { return nil }
            return handler.resync(store.snapshot())
        }
        wakeup?()
    }
}
