// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
import Synchronization

/// A handler that an ``Informer`` tells about its objects.
public final class InformerHandler<Object: KubernetesObject>: Sendable {
    private struct State {
        var queue = HandlerQueue<Object>()
        var waiter: CheckedContinuation<Void, Never>?
        var isRemoved = false
    }

    private let state = Mutex(State())
    private let synced = Latch()
    private let handle: @Sendable (InformerEvent<Object>) async -> Void

    init(_ handle: @escaping @Sendable (InformerEvent<Object>) async -> Void) { self.handle = handle }

    /// Whether the handler has dealt with every object that was there when it was added.
    public var hasSynced: Bool { synced.isOpen }

    /// Waits until ``hasSynced`` is true.
    public func waitForSync() async throws(CancellationError) { try await synced.wait() }

    /// How many objects the handler has yet to hear of.
    public var backlog: Int { state.withLock { $0.queue.count } }

    /// Notes changes.
    ///
    /// Returns what has to be called once no lock is held.
    func record(_ changes: some Sequence<StoreChange<Object>>, initial: Bool, endsInitialList: Bool) -> Wakeup {
        state.withLock { state in
            guard !state.isRemoved else { return Wakeup() }
            for change in changes { state.queue.record(change, isInitial: initial) }
            if endsInitialList { state.queue.endInitialList() }
            let waiter = state.queue.isEmpty ? nil : state.waiter
            if waiter != nil { state.waiter = nil }
            return Wakeup(waiter: waiter, latch: state.queue.hasSynced && !synced.isOpen ? synced : nil)
        }
    }

    /// Calls the handler for each change until the task is cancelled or the handler removed.
    func run() async {
        while let delivery = await next() {
            for event in delivery.events { await handle(event) }
            let hasSynced = state.withLock { state in
                state.queue.delivered(delivery)
                return state.queue.hasSynced
            }
            if hasSynced, !synced.isOpen { synced.open() }
        }
    }

    func remove() {
        let waiter = state.withLock { state in
            state.isRemoved = true
            state.queue = HandlerQueue()
            let waiter = state.waiter
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    private func next() async -> HandlerQueue<Object>.Delivery? {
        while true {
            if Task.isCancelled { return nil }
            let (delivery, isRemoved) = state.withLock { state in (state.queue.next(), state.isRemoved) }
            if isRemoved { return nil }
            if let delivery { return delivery }
            await waitForChange()
        }
    }

    private func waitForChange() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isDue = state.withLock { state in
                    if !state.queue.isEmpty || state.isRemoved || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiter
                state.waiter = nil
                return waiter
            }
            waiter?.resume()
        }
    }

    /// Whom to wake once no lock is held.
    struct Wakeup: Sendable {
        var waiter: CheckedContinuation<Void, Never>?
        var latch: Latch?

        func callAsFunction() {
            waiter?.resume()
            latch?.open()
        }
    }
}
