// SPDX-License-Identifier: Apache-2.0
package import KubeRuntime
import Synchronization

/// The investigations under way, so that one can be stopped from outside while its reconciliation waits for it.
package final class RunningTasks: Sendable {
    private let cancellations = Mutex<[ObjectKey: @Sendable () -> Void]>([:])

    package init() {}

    /// Runs an investigation and waits for it; cancelling the caller, or ``cancel(_:)``, cancels it.
    package func run<Value: Sendable>(
        _ key: ObjectKey,
        _ operation: @escaping @Sendable () async -> Value
    ) async -> Value {
        let task = Task { await operation() }
        cancellations.withLock { $0[key] = { task.cancel() } }
        defer { cancellations.withLock { _ = $0.removeValue(forKey: key) } }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Cancels the investigation of a task, if there is one.
    package func cancel(_ key: ObjectKey) {
        let cancel = cancellations.withLock { $0[key] }
        cancel?()
    }
}
