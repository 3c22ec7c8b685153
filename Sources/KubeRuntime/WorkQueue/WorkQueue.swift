// SPDX-License-Identifier: Apache-2.0
public import DequeModule
public import Synchronization

/// A queue of keys that are to be worked on, for any number of producers and workers.
///
/// - A key that is added several times before a worker takes it is delivered once.
/// - A key that is added while a worker has it is delivered once more, after that worker is done: no two workers ever
///   have the same key.
/// - Keys of a higher priority come first; within one priority, first in is first out. Adding a key again can raise
///   its priority, never lower it.
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
    @usableFromInline
    struct Waiter: Sendable {
        @usableFromInline var id: Int
        @usableFromInline var continuation: CheckedContinuation<StateMachine.Delivery?, Never>

        @inlinable
        init(id: Int, continuation: CheckedContinuation<StateMachine.Delivery?, Never>) {
            self.id = id
            self.continuation = continuation
        }
    }

    @usableFromInline
    struct State: Sendable {
        @usableFromInline var machine: StateMachine
        @usableFromInline var limiter: ExponentialRateLimiter<Key>
        @usableFromInline var waiters: Deque<Waiter>
        @usableFromInline var drainers: [Int: CheckedContinuation<Void, Never>]
        @usableFromInline var timer: (deadline: AnyClock.Instant, task: Task<Void, Never>)?
        @usableFromInline var lastID: Int

        @inlinable
        init(limiter: ExponentialRateLimiter<Key>) {
            machine = StateMachine()
            self.limiter = limiter
            waiters = Deque()
            drainers = [:]
            timer = nil
            lastID = 0
        }

        @inlinable
        mutating func makeID() -> Int {
            lastID += 1
            return lastID
        }
    }

    /// Continuations to resume, once the lock is free.
    @usableFromInline
    enum Resumption: Sendable {
        case deliver(Waiter, StateMachine.Delivery?)
        case drained(CheckedContinuation<Void, Never>)

        @inlinable
        func callAsFunction() {
            switch self {
            case .deliver(let waiter, let delivery): waiter.continuation.resume(returning: delivery)
            case .drained(let continuation): continuation.resume()
            }
        }
    }

    @usableFromInline let clock: AnyClock
    @usableFromInline let state: Mutex<State>

    /// Creates an empty queue.
    /// - Parameters:
    ///   - clock: what delays are measured with.
    ///   - rateLimiter: how long ``addRateLimited(_:priority:)`` makes a key wait.
    @inlinable
    public init(
        clock: AnyClock = .continuous,
        rateLimiter: ExponentialRateLimiter<Key> = ExponentialRateLimiter()
    ) {
        self.clock = clock
        state = Mutex(State(limiter: rateLimiter))
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
    /// - Parameter priority: higher comes first.
    @inlinable
    public func add(_ key: Key, priority: Int = 0) {
        mutate { $0.machine.add(key, priority: priority) }
    }

    /// Adds a key, to be delivered after a delay.
    ///
    /// Does nothing after a shutdown.
    /// - Parameters:
    ///   - priority: higher comes first, among the keys that are due.
    ///   - delay: zero or less means now.
    @inlinable
    public func add(_ key: Key, priority: Int = 0, after delay: Duration) {
        let now = clock.now
        mutate { $0.machine.add(key, priority: priority, after: delay, now: now) }
    }

    /// Adds a key that has failed, to be delivered after a delay that grows with each failure.
    /// - Parameter priority: higher comes first, among the keys that are due.
    @inlinable
    public func addRateLimited(_ key: Key, priority: Int = 0) {
        let now = clock.now
        mutate { state in
            let delay = state.limiter.delay(for: key)
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
        guard let delivery = await takeNext() else { return nil }
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

    /// Ends the processing of a key.
    @inlinable
    func finish(_ key: Key) { mutate { $0.machine.done(key) } }

    @inlinable
    func takeNext() async -> StateMachine.Delivery? {
        if Task.isCancelled { return nil }
        let (id, delivery) = state.withLock { state in
            // Those who already wait come first.
            let delivery = state.waiters.isEmpty ? state.machine.next() : nil
            return (delivery == nil ? state.makeID() : 0, delivery)
        }
        if let delivery { return delivery }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mutate { state in
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return .deliver
                }
                // Had the task been cancelled before the waiter was there, nobody would wake it.
                if Task.isCancelled { cancelWaiter(id) }
            }
        } onCancel: {
            cancelWaiter(id)
        }
    }

    @inlinable
    func cancelWaiter(_ id: Int) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: nil)
    }

    /// Changes the state, then does what the change calls for.
    @inlinable
    func mutate(_ change: (inout sending State) -> StateMachine.Action) {
        let resumptions = state.withLock { state in
            var resumptions: [Resumption] = []
            let action = change(&state)
            switch action {
            case .none, .deliver: break
            case .wake(let deadline): setTimer(&state, to: deadline)
            case .drained:
                resumptions = state.drainers.values.map { .drained($0) }
                state.drainers = [:]
            }
            while !state.waiters.isEmpty, let delivery = state.machine.next() {
                guard let waiter = state.waiters.popFirst() else { break }
                resumptions.append(.deliver(waiter, delivery))
            }
            if state.machine.isShutDown {
                state.timer?.task.cancel()
                state.timer = nil
                if state.machine.readyCount == 0 {
                    resumptions += state.waiters.map { .deliver($0, nil) }
                    state.waiters = []
                }
            }
            return resumptions
        }
        for resumption in resumptions { resumption() }
    }

    @inlinable
    func setTimer(_ state: inout State, to deadline: AnyClock.Instant) {
        if let timer = state.timer, timer.deadline <= deadline { return }
        state.timer?.task.cancel()
        let task = Task { [weak self, clock] in
            do { try await clock.sleep(until: deadline) } catch { return }
            self?.timerFired(deadline)
        }
        state.timer = (deadline, task)
    }

    @inlinable
    func timerFired(_ deadline: AnyClock.Instant) {
        let now = clock.now
        mutate { state in
            // A timer that has been replaced may still get here.
            if state.timer?.deadline == deadline { state.timer = nil }
            let action = state.machine.timePassed(now: now)
            if let next = state.machine.nextAlarm() { setTimer(&state, to: next) }
            return action
        }
    }
}
