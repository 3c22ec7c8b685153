// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What happened, in order, for tests to wait for and look at.
final class Journal<Entry: Sendable>: Sendable {
    private struct State {
        var entries: [Entry] = []
        var lastID = 0
        var watchers: [(id: Int, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var entries: [Entry] { state.withLock { $0.entries } }
    var count: Int { state.withLock { $0.entries.count } }

    func append(_ entry: Entry) {
        let satisfied = state.withLock { state in
            state.entries.append(entry)
            let count = state.entries.count
            let satisfied = state.watchers.filter { $0.count <= count }
            state.watchers.removeAll { $0.count <= count }
            return satisfied
        }
        for watcher in satisfied { watcher.continuation.resume() }
    }

    /// Waits for the first entries, and returns all that are there by then; fewer only if the test has timed out.
    @discardableResult
    func first(_ count: Int) async -> [Entry] {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isOver = state.withLock { state in
                    if state.entries.count >= count || Task.isCancelled { return true }
                    state.watchers.append((id, count, continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let watcher = state.withLock { state in
                let watcher = state.watchers.first { $0.id == id }
                state.watchers.removeAll { $0.id == id }
                return watcher
            }
            watcher?.continuation.resume()
        }
        return entries
    }
}

/// A door that a test opens.
final class Gate: Sendable {
    private let journal = Journal<Void>()

    func open() { journal.append(()) }
    func pass() async { await journal.first(1) }
}
