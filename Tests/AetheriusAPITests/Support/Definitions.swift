// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Synchronization

/// The shared control plane with the definitions of the four kinds.
enum Definitions {
    private static let installation = Mutex<Task<TestCluster, any Error>?>(nil)

    /// Installs the definitions at the first call.
    static func installed() async throws -> TestCluster {
        let task = installation.withLock { installation in
            if let installation { return installation }
            let new = Task.detached {
                let cluster = try await TestCluster.shared()
                try await cluster.installDefinitions()
                return cluster
            }
            installation = new
            return new
        }
        return try await task.value
    }
}
