// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CredentialCache {
    /// Decides when the plugin runs, and who gets what it printed.
    ///
    /// It knows neither processes nor clocks: it is told what happened and answers with what to do.
    struct StateMachine {
        /// A credential and the run that it comes from.
        struct Held: Sendable, Hashable {
            var credential: ExecCredential
            var run: Int
        }

        enum Answer: Sendable, Hashable {
            case use(Held)
            /// Wait for the run that is on its way.
            case wait
            /// Start this run, and wait for it.
            case start(run: Int)
        }

        private enum State {
            case empty
            case running(waiters: Set<Int>)
            case ready(ExecCredential)
        }

        private var state = State.empty
        /// The number of the newest run.
        private var run = 0

        /// A request wants a credential.
        mutating func ask(_ waiter: Int, now: Timestamp) -> Answer {
            switch state {
            case .ready(let credential) where credential.isValid(at: now):
                return .use(Held(credential: credential, run: run))
            case .running(var waiters):
                waiters.insert(waiter)
                state = .running(waiters: waiters)
                return .wait
            case .empty, .ready:
                run += 1
                state = .running(waiters: [waiter])
                return .start(run: run)
            }
        }

        /// A run is over; nil if it gave nothing.
        /// - Returns: who has waited for it: nobody if the run was given up.
        mutating func ended(_ run: Int, _ credential: ExecCredential?) -> Set<Int> {
            guard run == self.run, case .running(let waiters) = state else { return [] }
            // One that has expired on arrival still serves those who waited for it: the server has the last word.
            state = credential.map { .ready($0) } ?? .empty
            return waiters
        }

        /// A request waits no longer.
        /// - Returns: the run to stop, if nobody else waits for it.
        mutating func leave(_ waiter: Int) -> Int? {
            guard case .running(var waiters) = state, waiters.remove(waiter) != nil else { return nil }
            state = waiters.isEmpty ? .empty : .running(waiters: waiters)
            return waiters.isEmpty ? run : nil
        }

        /// The server does not accept what a run gave (401).
        ///
        /// Many requests may be told so at once: only the first drops it, and none drops what a later run gave.
        mutating func refused(_ run: Int) {
            if run == self.run, case .ready = state { state = .empty }
        }
    }
}
