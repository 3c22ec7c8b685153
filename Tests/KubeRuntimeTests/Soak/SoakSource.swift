// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

@testable import KubeRuntime

/// A collection of a real API server, followed with less patience than is otherwise wise, so that what is noticed only
/// by waiting is noticed within seconds.
struct SoakSource<Object: KubernetesObject>: ListerWatcher {
    let resources: ResourceClient<Object>
    /// How long a list, or the opening of a watch, may take.
    var deadline = Duration.seconds(3)
    /// After how many seconds the server ends a watch.
    var watchSeconds = 2

    func list(_ options: ListOptions) async throws(KubeError) -> ResourceList<Object> {
        try await impatiently(deadline) { try await resources.list(options) }
    }

    func watch(_ options: WatchOptions) async throws(KubeError) -> WatchStream<Object> {
        var options = options
        options.timeoutSeconds = watchSeconds
        return try await impatiently(deadline) { [options] in try await resources.watch(options) }
    }
}

/// Does something that may take only so long.
func impatiently<Value: Sendable>(
    _ deadline: Duration,
    _ operation: @escaping @Sendable () async throws -> Value
) async throws(KubeError) -> Value {
    do {
        return try await withTimeout(deadline, clock: .continuous, operation)
    } catch {
        throw error as? KubeError ?? KubeError(code: .cancelled, message: "\(error)")
    }
}
