// SPDX-License-Identifier: Apache-2.0
public import Synchronization

/// A queue of keys that are to be worked on, for any number of producers and workers.
///
/// - A key that is added several times before a worker takes it is delivered once.
/// - A key that is added while a worker has it is delivered once more, after that worker is done: no two workers ever
///   have the same key.
/// - Keys of a higher priority come first; within one priority, first in is first out. Adding a key again can raise
///   its priority, never lower it.
/// - No priority starves: while keys of more than one priority are ready, one delivery in 16 goes to the key that has
///   been ready for longest. A key with *n* others that were ready before it is delivered after at most 16 · (*n* + 1)
///   deliveries, whatever is added later.
/// - A key can be added with a delay; the earliest of several moments counts, and adding it without a delay ends the
///   wait.
///
/// ```swift
/// while let item = await queue.next() {
///     await work(on: item.key)
///     item.done()
/// }
/// ```
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    @usableFromInline let clock: AnyClock
    @usableFromInline let state: Mutex<State>
    /// Is read to pass time: the compiler must not leave that out.
    @usableFromInline let neverSet = Atomic<Bool>(false)
    @usableFromInline let onTouch: (@Sendable (Key) -> Void)?

    /// Creates an empty queue.
    /// - Parameters:
    ///   - clock: what delays are measured with.
    ///   - rateLimiter: how long ``addRateLimited(_:priority:)`` makes a key wait.
    ///   - metrics: what to count and measure; without it, nothing is.
    ///   - onTouch: is called each time a key is added that waits for a worker already, with no lock held.
    @inlinable
    public init(
        clock: AnyClock = .continuous,
        rateLimiter: any RateLimiter<Key> = ExponentialRateLimiter<Key>(),
        metrics: WorkQueueMetrics? = nil,
        onTouch: (@Sendable (Key) -> Void)? = nil
    ) {
        self.clock = clock
        self.onTouch = onTouch
        state = Mutex(State(limiter: rateLimiter, recorder: metrics.map(WorkQueueRecorder.init)))
    }

    @inlinable
    deinit { state.withLock { $0.timer?.task.cancel() } }

    /// How many keys wait for a worker.
    ///
    /// Those that are being worked on, or delayed, do not count.
    @inlinable
    public var count: Int { state.withLock { $0.machine.readyCount } }

    /// Whether the queue takes no more keys.
    @inlinable
    public var isShutDown: Bool { state.withLock { $0.machine.isShutDown } }

    /// Adds a key, to be delivered as soon as a worker is free.
    ///
    /// Does nothing after a shutdown.
    /// - Parameters:
    ///   - key: what is to be worked on.
    ///   - priority: higher comes first.
    @inlinable
    public func add(_ key: Key, priority: Int = 0) {
        let action = mutate { $0.machine.add(key, priority: priority) }
        if let onTouch, action == .touched { onTouch(key) }
    }

    /// Adds a key, to be delivered after a delay.
    ///
    /// Does nothing after a shutdown.
    /// - Parameters:
    ///   - key: what is to be worked on.
    ///   - priority: higher comes first, among the keys that are due.
    ///   - delay: zero or less means now.
    @inlinable
    public func add(_ key: Key, priority: Int = 0, after delay: Duration) {
        guard delay > .zero else { return add(key, priority: priority) }
        let now = clock.now
        mutate { $0.machine.add(key, priority: priority, after: delay, now: now) }
    }

    /// Adds a key that has failed, to be delivered after the delay that the rate limiter asks for.
    /// - Parameters:
    ///   - key: what has failed.
    ///   - priority: higher comes first, among the keys that are due.
    @inlinable
    public func addRateLimited(_ key: Key, priority: Int = 0) {
        let now = clock.now
        mutate { state in
            let delay = state.limiter.delay(for: key, now: now)
            return state.machine.add(key, priority: priority, after: delay, now: now)
        }
    }

    /// Forgets the failures of a key, because it has succeeded.
    ///
    /// A delay that it already waits for stays.
    @inlinable
    public func forget(_ key: Key) { state.withLock { $0.limiter.forget(key) } }

    /// How often a key has failed since it was forgotten last.
    @inlinable
    public func failures(of key: Key) -> Int { state.withLock { $0.limiter.failures(of: key) } }

    /// Takes the next key, waiting for one if there is none.
    /// - Returns: nil when the queue is shut down and empty, or when the task is cancelled.
    @inlinable
    public func next() async -> WorkItem<Key>? {
        guard let delivery = await takeNext(finishing: nil) else { return nil }
        return WorkItem(delivery, queue: self)
    }

    /// Gives a key back and takes the next one: the same as ``WorkItem/done()`` and ``next()``, for half the locking.
    /// - Parameter item: was taken from this queue.
    /// - Returns: nil when the queue is shut down and empty, or when the task is cancelled.
    @inlinable
    public func next(after item: consuming WorkItem<Key>) async -> WorkItem<Key>? {
        precondition(item.queue === self, "an item is given back to the queue that it was taken from")
        guard let delivery = await takeNext(finishing: item.releaseSlot()) else { return nil }
        return WorkItem(delivery, queue: self)
    }

    /// Takes no more keys.
    ///
    /// Those that are ready are still delivered, delayed ones are dropped; then ``next()`` returns nil.
    @inlinable
    public func shutDown() {
        mutate { state in
            _ = state.machine.shutDown()
            // A drain that somebody waits for ends here, whatever is still being worked on.
            return .drained
        }
    }

    /// Takes no more keys and drops those that nobody works on: ``next()`` returns nil from now on.
    @inlinable
    public func shutDownNow() {
        mutate { state in
            _ = state.machine.shutDownNow()
            return .drained
        }
    }

    /// Takes no more keys, and waits until the ones that are ready have been delivered and worked on.
    ///
    /// There must be workers left to do that. Returns early if the task is cancelled or the queue shut down otherwise.
    @inlinable
    public func shutDownAndDrain() async {
        let id = state.withLock { $0.makeID() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mutate { state in
                    let action = state.machine.shutDown()
                    state.drainers[id] = continuation
                    return Task.isCancelled ? .drained : action
                }
            }
        } onCancel: {
            let drainer = state.withLock { $0.drainers.removeValue(forKey: id) }
            drainer?.resume()
        }
    }

    /// Brings the metrics up to date that change while nothing else happens: how long what is being worked on has
    /// taken so far.
    @inlinable
    func recordUnfinishedWork() {
        let now = clock.now
        state.withLock { state in
            state.machine.recorder?.now = now
            state.machine.recorder?.recordUnfinishedWork()
        }
    }
}
