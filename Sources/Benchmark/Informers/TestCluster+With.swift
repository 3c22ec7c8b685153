// SPDX-License-Identifier: Apache-2.0
import KubeTesting

extension TestCluster {
    /// Starts a cluster, which is gone when this returns.
    static func with<Value>(
        _ configuration: Configuration = Configuration(),
        _ body: (TestCluster) async throws -> Value
    ) async throws -> Value {
        let cluster = try await start(configuration)
        do {
            let value = try await body(cluster)
            await cluster.stop()
            return value
        } catch {
            await cluster.stop()
            throw error
        }
    }
}
