// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// When each agent renewed its Lease last.
final class Renewals: Sendable {
    private struct State {
        var last: [String: ContinuousClock.Instant] = [:]
        var longestGap = Duration.zero
    }

    private let state = Mutex(State())

    func note(_ name: String) {
        let now = ContinuousClock.now
        state.withLock { state in
            if let last = state.last[name] { state.longestGap = max(state.longestGap, last.duration(to: now)) }
            state.last[name] = now
        }
    }

    func last(of name: String) -> ContinuousClock.Instant? { state.withLock { $0.last[name] } }

    /// The longest time between two renewals of one agent.
    var longestGap: Duration { state.withLock { $0.longestGap } }
}
