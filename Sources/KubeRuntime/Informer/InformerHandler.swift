// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
import Logging
import Synchronization

/// A handler that an ``Informer`` tells about its objects.
public final class InformerHandler<Object: KubernetesObject>: Sendable {
    private struct State {
        var queue = HandlerQueue<Object>()
        var waiter: CheckedContinuation<Void, Never>?
        var isRemoved = false
        /// Whether the handler has thrown an error on an object of its initial list.
        var hasFailedInitially = false
        var failureCount = 0

        /// Takes the one who waits for changes, if there are any.
        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            guard !queue.isEmpty else { return nil }
            defer { waiter = nil }
            return waiter
        }
    }

    private let state = Mutex(State())
    private let synced = Latch()
    private let resyncPeriod: Duration?
    private let deliver: @Sendable ([InformerEvent<Object>]) async throws -> Void

    init(
        resyncPeriod: Duration?,
        _ deliver: @escaping @Sendable ([InformerEvent<Object>]) async throws -> Void
    ) {
        // A period of less than a second would be a busy loop over the whole store.
        self.resyncPeriod = resyncPeriod.flatMap { $0 > .zero ? max($0, .seconds(1)) : nil }
        self.deliver = deliver
    }

    /// Whether the handler has dealt with every object that was there when it was added.
    ///
    /// It never becomes true if the handler has thrown an error on one of them.
    public var hasSynced: Bool { synced.isOpen }

    /// Waits until ``hasSynced`` is true.
    public func waitForSync() async throws(CancellationError) { try await synced.wait() }

    /// How many objects the handler has yet to hear of: at most one for each object that exists or that it knows.
    public var backlog: Int { state.withLock { $0.queue.count } }

    /// How often the handler has thrown an error.
    public var failureCount: Int { state.withLock { $0.failureCount } }

    /// Notes changes.
    ///
    /// Returns what has to be called once no lock is held.
    func record(_ changes: some Sequence<StoreChange<Object>>, initial: Bool, endsInitialList: Bool) -> Wakeup {
        state.withLock { state in
            guard !state.isRemoved else { return Wakeup() }
            for change in changes { state.queue.record(change, isInitial: initial) }
            if endsInitialList { state.queue.endInitialList() }
            let isSynced = state.queue.hasSynced && !state.hasFailedInitially && !synced.isOpen
            return Wakeup(waiter: state.takeWaiter(), latch: isSynced ? synced : nil)
        }
    }

    /// Notes that the handler is to hear again of objects that have not changed.
    func resync(_ objects: [ObjectKey: StoredObject<Object>]) -> Wakeup {
        state.withLock { state in
            guard !state.isRemoved else { return Wakeup() }
            for (key, object) in objects { state.queue.resync(object, at: key) }
            return Wakeup(waiter: state.takeWaiter())
        }
    }

    /// Calls the handler for each change until the task is cancelled or the handler removed.
    /// - Parameter resync: is called whenever the handler is due to hear of everything again.
    func run(clock: AnyClock, logger: Logger, resync: @escaping @Sendable () -> Void) async {
        guard let resyncPeriod else { return await deliverAll(logger) }
        await withTaskGroup { group in
            group.addTask { await self.deliverAll(logger) }
            group.addTask {
                var due = clock.now
                while true {
                    repeat { due = due.advanced(by: resyncPeriod) } while due <= clock.now
                    do { try await clock.sleep(until: due) } catch { return }
                    resync()
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func deliverAll(_ logger: Logger) async {
        while let delivery = await next() {
            var failure: (any Error)?
            do { try await deliver(delivery.events) } catch { failure = error }
            // What fails because it was cancelled says nothing about the object.
            if Task.isCancelled { return }
            if let failure {
                logger.error(
                    "a handler has failed on an object and goes on with the next",
                    metadata: [
                        "kind": "\(Object.self)", "object": "\(delivery.key)", "error": "\(failure)",
                    ]
                )
            }
            let hasSynced = state.withLock { state in
                state.queue.delivered(delivery)
                if failure != nil {
                    state.failureCount += 1
                    if delivery.isInitial { state.hasFailedInitially = true }
                }
                return state.queue.hasSynced && !state.hasFailedInitially
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
