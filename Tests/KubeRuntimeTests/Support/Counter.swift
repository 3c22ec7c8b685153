// SPDX-License-Identifier: Apache-2.0
import KubeRuntime
import Synchronization

/// Counts how often each object came.
final class Counter: Sendable {
    private let counts = Mutex<[ObjectKey: Int]>([:])

    func increment(_ key: ObjectKey) -> Int {
        counts.withLock { counts in
            counts[key, default: 0] += 1
            return counts[key, default: 0]
        }
    }
}
