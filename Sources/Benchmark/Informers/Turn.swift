// SPDX-License-Identifier: Apache-2.0

/// Lets one measurement work at a time.
actor Turn {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Waits until nobody else works.
    func wait() async {
        if isTaken { await withCheckedContinuation { waiting.append($0) } }
        isTaken = true
    }

    /// Lets the next one work.
    func end() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }

    /// Works alone.
    func take<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        await wait()
        do {
            let value = try await body()
            end()
            return value
        } catch {
            end()
            throw error
        }
    }
}
