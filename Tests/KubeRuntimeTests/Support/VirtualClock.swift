// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A clock that stands still until a test moves it.
final class VirtualClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        var id: Int
        var deadline: Instant
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct Watcher {
        var id: Int
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var lastID = 0
        var sleepers: [Sleeper] = []
        var watchers: [Watcher] = []

        mutating func takeWatchers() -> [Watcher] {
            let satisfied = watchers.filter { $0.count <= sleepers.count }
            watchers.removeAll { $0.count <= sleepers.count }
            return satisfied
        }
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// How many tasks sleep.
    var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// How long until the first sleeper wakes.
    var nextDelay: Duration? {
        state.withLock { state in state.sleepers.map(\.deadline).min().map { state.now.duration(to: $0) } }
    }

    /// Moves the time and wakes those whose time has come, earliest first.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.deadline <= state.now }.sorted { $0.deadline < $1.deadline }
            state.sleepers.removeAll { $0.deadline <= state.now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }

    /// Waits until at least this many tasks sleep; returns earlier only if the test has timed out.
    func waitForSleepers(_ count: Int = 1) async {
        let id = makeID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let watchers = state.withLock { state in
                    state.watchers.append(Watcher(id: id, count: count, continuation: continuation))
                    return state.takeWatchers()
                }
                for watcher in watchers { watcher.continuation.resume() }
                if Task.isCancelled { cancelWatcher(id) }
            }
        } onCancel: {
            cancelWatcher(id)
        }
    }

    private func cancelWatcher(_ id: Int) {
        let watcher = state.withLock { state in
            let watcher = state.watchers.first { $0.id == id }
            state.watchers.removeAll { $0.id == id }
            return watcher
        }
        watcher?.continuation.resume()
    }

    private func makeID() -> Int {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = makeID()
        let slept = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let (outcome, watchers): (Bool?, [Watcher]) = state.withLock { state in
                    if Task.isCancelled { return (false, []) }
                    if deadline <= state.now { return (true, []) }
                    state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
                    return (nil, state.takeWatchers())
                }
                if let outcome { continuation.resume(returning: outcome) }
                for watcher in watchers { watcher.continuation.resume() }
            }
        } onCancel: {
            let sleeper: Sleeper? = state.withLock { state in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !slept { throw CancellationError() }
    }
}
