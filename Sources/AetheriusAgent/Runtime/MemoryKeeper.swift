// SPDX-License-Identifier: Apache-2.0
import KubeClient
import ServiceLifecycle

/// Gives back to the system, every five minutes, what the process holds and does not use.
///
/// What has been freed comes back only if somebody asks, and code that ran once, such as that of a start or a
/// diagnosis, would count as this process's memory for ever.
package struct MemoryKeeper: ServiceLifecycle.Service {
    var interval = Duration.seconds(300)

    package init() {}

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: interval)
                Self.trim()
            }
        }
    }

    package static func trim() {
        ProcessMemory.returnUnused()
        ProcessMemory.releaseCode()
    }
}
