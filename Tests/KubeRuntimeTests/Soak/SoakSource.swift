// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

@testable import KubeRuntime

/// A collection of a real API server, followed with less patience than is otherwise wise, so that what is noticed only
/// by waiting is noticed within seconds.
struct SoakSource: ListerWatcher {
    let resources: ResourceClient<SoakMap>
    /// How long a list, or the opening of a watch, may take.
    var deadline = Duration.seconds(3)
    /// After how many seconds the server ends a watch.
    var watchSeconds = 2

    func list(_ options: ListOptions) async throws(KubeError) -> ResourceList<SoakMap> {
        try await impatiently { try await resources.list(options) }
    }

    func watch(_ options: WatchOptions) async throws(KubeError) -> WatchStream<SoakMap> {
        var options = options
        options.timeoutSeconds = watchSeconds
        return try await impatiently { [options] in try await resources.watch(options) }
    }

    private func impatiently<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws(KubeError) -> Value {
        do {
            return try await withTimeout(deadline, clock: .continuous, operation)
        } catch {
            throw error as? KubeError ?? KubeError(code: .cancelled, message: "\(error)")
        }
    }
}
