// SPDX-License-Identifier: Apache-2.0
public import DequeModule
public import Synchronization

extension WorkQueue {
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
        @usableFromInline var machine = StateMachine()
        @usableFromInline var limiter: any RateLimiter<Key>
        @usableFromInline var waiters = Deque<Waiter>()
        @usableFromInline var drainers: [Int: CheckedContinuation<Void, Never>] = [:]
        @usableFromInline var timer: (deadline: AnyClock.Instant, task: Task<Void, Never>)?
        @usableFromInline var lastID = 0

        @inlinable
        init(limiter: any RateLimiter<Key>, recorder: WorkQueueRecorder?) {
            self.limiter = limiter
            machine.recorder = recorder
            machine.isRecording = recorder != nil
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

    /// Ends the processing of the key in a slot.
    @inlinable
    func finish(_ slot: Int) { mutate { $0.machine.done(slot) } }

    @inlinable
    func takeNext(finishing slot: Int?) async -> StateMachine.Delivery? {
        if Task.isCancelled {
            if let slot { finish(slot) }
            return nil
        }
        var delivery: StateMachine.Delivery?
        var id = 0
        mutate { state in
            let action = slot.map { state.machine.done($0) } ?? .none
            // Those who already wait come first.
            delivery = state.waiters.isEmpty ? state.machine.next() : nil
            if delivery == nil { id = state.makeID() }
            return action
        }
        if let delivery { return delivery }
        return await wait(as: id)
    }

    @inlinable
    func wait(as id: Int) async -> StateMachine.Delivery? {
        await withTaskCancellationHandler {
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

    /// Changes the state; tries for a moment before it waits.
    ///
    /// The lock is held for less time than the kernel takes to hand it from one thread to another.
    @inlinable
    func withState<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        for _ in 0..<20 {
            if let result = state.withLockIfAvailable({ change(&$0) }) { return result }
            // Whoever holds the lock gets on faster if nobody touches it for some hundred nanoseconds.
            for _ in 0..<300 where neverSet.load(ordering: .relaxed) { break }
        }
        return state.withLock { change(&$0) }
    }

    /// Changes the state, then does what the change calls for.
    @inlinable @discardableResult
    func mutate(_ change: (inout State) -> StateMachine.Action) -> StateMachine.Action {
        let (action, resumptions) = withState { state in
            if state.machine.isRecording { state.machine.recorder?.now = clock.now }
            let action = change(&state)
            // The common case: nobody waits for anything.
            if state.waiters.isEmpty, !state.machine.isShutDown, action == .none || action == .deliver {
                return (action, [Resumption]())
            }
            return (action, settle(&state, action))
        }
        for resumption in resumptions { resumption() }
        return action
    }

    @inlinable
    func settle(_ state: inout State, _ action: StateMachine.Action) -> [Resumption] {
        var resumptions: [Resumption] = []
        switch action {
        case .none, .deliver, .touched: break
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
