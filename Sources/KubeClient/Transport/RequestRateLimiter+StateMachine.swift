// SPDX-License-Identifier: Apache-2.0
import OrderedCollections

extension RequestRateLimiter {
    /// The bucket and the line before it; times are counted from any fixed moment.
    ///
    /// The first in line sleeps until there is a token, takes it and wakes the next one.
    struct StateMachine: Sendable {
        enum Turn: Sendable, Equatable {
            /// The token is taken.
            case taken
            /// First in line: sleep this long, then call `slept`.
            case sleep(Duration)
            case cancelled
        }

        /// Who is first in line now.
        struct Wake: Sendable, Equatable {
            var id: Int
            var turn: Turn
        }

        private let rate: Double
        private let capacity: Double
        private var tokens: Double
        private var filledAt: Duration = .zero
        private var line: OrderedSet<Int> = []

        init(rate: Double, burst: Int) {
            self.rate = max(rate, 0.001)
            capacity = Double(max(burst, 1))
            tokens = capacity
        }

        /// Somebody wants a token; nil if they have to wait for those before them.
        mutating func enter(_ id: Int, now: Duration) -> Turn? {
            fill(now)
            if line.isEmpty, take() { return .taken }
            line.append(id)
            return line.count == 1 ? .sleep(shortage) : nil
        }

        /// The first in line has slept.
        mutating func slept(_ id: Int, now: Duration) -> (Turn, Wake?) {
            fill(now)
            guard take() else { return (.sleep(shortage), nil) }
            line.remove(id)
            return (.taken, wakeFirst())
        }

        /// Somebody leaves the line.
        mutating func cancel(_ id: Int, now: Duration) -> Wake? {
            fill(now)
            let wasFirst = line.first == id
            line.remove(id)
            return wasFirst ? wakeFirst() : nil
        }

        /// It may be that the next one need not wait; it goes through `slept` all the same, which wakes the one after.
        private func wakeFirst() -> Wake? {
            line.first.map { Wake(id: $0, turn: .sleep(shortage)) }
        }

        private var shortage: Duration { tokens >= 1 ? .zero : .seconds((1 - tokens) / rate) }

        private mutating func fill(_ now: Duration) {
            guard now > filledAt else { return }
            tokens = min(capacity, tokens + (now - filledAt) / .seconds(1) * rate)
            filledAt = now
        }

        private mutating func take() -> Bool {
            // What is missing by rounding is no reason to sleep again.
            guard tokens > 1 - 1e-6 else { return false }
            tokens = max(0, tokens - 1)
            return true
        }
    }
}
