// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Those who wait for the content of a store to be such or such.
struct StoreWaiters<Object: KubernetesObject>: Sendable {
    typealias Condition = @Sendable (StoreState<Object>) -> Bool

    private struct Waiter {
        var isSatisfied: Condition
        var continuation: CheckedContinuation<Bool, Never>
    }

    private var lastID = 0
    private var waiters: [Int: Waiter] = [:]

    mutating func makeID() -> Int {
        lastID += 1
        return lastID
    }

    mutating func add(_ id: Int, _ continuation: CheckedContinuation<Bool, Never>, until condition: @escaping Condition)
    {
        waiters[id] = Waiter(isSatisfied: condition, continuation: continuation)
    }

    mutating func remove(_ id: Int) -> CheckedContinuation<Bool, Never>? {
        waiters.removeValue(forKey: id)?.continuation
    }

    mutating func takeSatisfied(by content: StoreState<Object>) -> [CheckedContinuation<Bool, Never>] {
        if waiters.isEmpty { return [] }
        let satisfied = waiters.filter { $0.value.isSatisfied(content) }
        for id in satisfied.keys { waiters[id] = nil }
        return satisfied.values.map(\.continuation)
    }
}
