// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Synchronization

/// Keeps what an exec plugin printed, and runs it when that is needed, once for all who wait.
final class CredentialCache: Sendable {
    typealias Outcome = Result<StateMachine.Held, KubeError>

    private struct State {
        var machine = StateMachine()
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<Outcome, Never>] = [:]
        /// Those whose task was cancelled before they had begun to wait.
        var left: Set<Int> = []
        var runner: (run: Int, task: Task<Void, Never>)?
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Timestamp
    private let runPlugin: @Sendable () async -> Result<ExecCredential, KubeError>

    /// Creates a cache.
    /// - Parameter runPlugin: runs the plugin once; ends early if its task is cancelled.
    init(
        now: @escaping @Sendable () -> Timestamp = { .now },
        runPlugin: @escaping @Sendable () async -> Result<ExecCredential, KubeError>
    ) {
        self.now = now
        self.runPlugin = runPlugin
    }

    /// A credential that has not expired, as far as anybody knows.
    func credential() async throws(KubeError) -> StateMachine.Held {
        let waiter = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(waiter, $0) }
        } onCancel: {
            leave(waiter)
        }
        // A cancellation may also have come when the wait was over.
        _ = state.withLock { $0.left.remove(waiter) }
        return try outcome.get()
    }

    /// Drops what a run gave, because the server does not accept it.
    func refused(_ run: Int) { state.withLock { $0.machine.refused(run) } }

    private func wait(_ waiter: Int, _ continuation: CheckedContinuation<Outcome, Never>) {
        let now = now()
        let outcome: Outcome? = state.withLock { state in
            guard !state.left.contains(waiter) else { return .failure(.cancelledRequest) }
            switch state.machine.ask(waiter, now: now) {
            case .use(let held): return .success(held)
            case .wait: break
            case .start(let run): state.runner = (run, Task { await self.perform(run) })
            }
            state.waiters[waiter] = continuation
            return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    private func perform(_ run: Int) async {
        let result = await runPlugin()
        let waiting = state.withLock { state in
            if state.runner?.run == run { state.runner = nil }
            return state.machine.ended(run, try? result.get()).compactMap { state.waiters.removeValue(forKey: $0) }
        }
        let outcome = result.map { StateMachine.Held(credential: $0, run: run) }
        for waiter in waiting { waiter.resume(returning: outcome) }
    }

    private func leave(_ waiter: Int) {
        let (continuation, task) = state.withLock { state in
            guard let continuation = state.waiters.removeValue(forKey: waiter) else {
                state.left.insert(waiter)
                return (nil as CheckedContinuation<Outcome, Never>?, nil as Task<Void, Never>?)
            }
            let run = state.machine.leave(waiter)
            return (continuation, state.runner.flatMap { $0.run == run ? $0.task : nil })
        }
        task?.cancel()
        continuation?.resume(returning: .failure(.cancelledRequest))
    }
}
