// SPDX-License-Identifier: Apache-2.0
import KubeClient

/// Runs an operation, and cancels it when the time is over.
///
/// An operation that does not end when it is cancelled is waited for all the same.
/// - Throws: `KubeError` with the code `deadlineExceeded` when the time is over; else what the operation throws.
package func withTimeout<Value: Sendable>(
    _ duration: Duration,
    clock: AnyClock,
    _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let deadline = clock.now.advanced(by: duration)
    return try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await clock.sleep(until: deadline)
            throw KubeError(code: .deadlineExceeded, message: "it took longer than \(duration)")
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
