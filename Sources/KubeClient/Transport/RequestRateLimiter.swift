// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Bounds how many requests are sent in a time: a token bucket that any number of clients share.
///
/// Each request takes a token, also one that is tried again, and the opening of a watch; what arrives on a watch takes
/// none. Who finds no token waits in line: first come, first served.
///
/// ```swift
/// let limiter = RequestRateLimiter(requestsPerSecond: 20, burst: 40)
/// let hub = try KubernetesClient(configuration: first, rateLimiter: limiter)
/// let spoke = try KubernetesClient(configuration: second, rateLimiter: limiter)
/// ```
public final class RequestRateLimiter: Sendable {
    private struct State {
        var machine: StateMachine
        var nextID = 0
        var waiters: [Int: CheckedContinuation<StateMachine.Turn, Never>] = [:]
    }

    private let state: Mutex<State>
    private let origin = ContinuousClock.now

    /// Creates a limiter with a full bucket.
    /// - Parameters:
    ///   - requestsPerSecond: how fast the bucket fills; at least 0.001.
    ///   - burst: how many tokens it holds; at least 1.
    public init(requestsPerSecond: Double = 50, burst: Int = 100) {
        state = Mutex(State(machine: StateMachine(rate: requestsPerSecond, burst: burst)))
    }

    /// Waits for a token and takes it.
    /// - Throws: ``KubeError`` with ``KubeError/Code/cancelled`` if the task is cancelled; then no token is taken.
    public func acquire() async throws(KubeError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        var turn = await waitForTurn(id)
        while true {
            switch turn {
            case .taken: return
            case .cancelled: throw .cancelledRequest
            case .sleep(let delay):
                // Only the first in line sleeps; all others wait for the one before them.
                do { try await Task.sleep(for: delay) } catch {
                    wake(state.withLock { $0.machine.cancel(id, now: .now - origin) })
                    throw .cancelledRequest
                }
                let (next, woken) = state.withLock { $0.machine.slept(id, now: .now - origin) }
                wake(woken)
                turn = next
            }
        }
    }

    private func waitForTurn(_ id: Int) async -> StateMachine.Turn {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: StateMachine.Turn? = state.withLock { state in
                    // A cancellation before this point has found no waiter to wake.
                    if Task.isCancelled { return .cancelled }
                    if let turn = state.machine.enter(id, now: .now - origin) { return turn }
                    state.waiters[id] = continuation
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            let (waiter, woken): (CheckedContinuation<StateMachine.Turn, Never>?, StateMachine.Wake?) =
                state.withLock { state in
                    // Who sleeps as the first in line leaves it when that ends.
                    guard let waiter = state.waiters.removeValue(forKey: id) else { return (nil, nil) }
                    return (waiter, state.machine.cancel(id, now: .now - origin))
                }
            wake(woken)
            waiter?.resume(returning: .cancelled)
        }
    }

    private func wake(_ next: StateMachine.Wake?) {
        guard let next else { return }
        state.withLock { $0.waiters.removeValue(forKey: next.id) }?.resume(returning: next.turn)
    }
}
