// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Synchronization

/// Lets a few at a time do something that keeps a machine busy; the others wait in line.
final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: Deque<(id: Int, CheckedContinuation<Void, any Error>)> = []
        var lastID = 0
    }

    private let state: Mutex<State>

    /// Creates turns for some at a time, at least one.
    init(atOnce: Int) { state = Mutex(State(free: max(1, atOnce))) }

    /// Runs something as soon as it is its turn.
    /// - Throws: `CancellationError` if the task is cancelled in line, and what the body throws.
    func take<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        try await wait()
        defer { pass() }
        return try await body()
    }

    private func wait() async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let now: (any Error)?? = state.withLock { state in
                    if Task.isCancelled { return .some(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .some(nil)
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                switch now {
                case .some(let error?): continuation.resume(throwing: error)
                case .some(nil): continuation.resume()
                case nil: break
                }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).1 }
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private func pass() {
        let next = state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.free += 1 }
            return next?.1
        }
        next?.resume()
    }
}
