// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeTesting
import Logging
import Observability
import ServiceLifecycle

@testable import AetheriusAgent

/// Runs an agent inside the test while something is looked at.
func withAgent<Result>(
    _ ground: AgentGround,
    instanceID: String = "test_1",
    target: KubernetesClient? = nil,
    hub: KubernetesClient? = nil,
    logger: Logger = .silent,
    _ body: (ClusterAgentRuntime) async throws -> Result
) async throws -> Result {
    let token = try await ground.token()
    let agent = try ClusterAgentRuntime(
        identity: AgentIdentity(cluster: ground.name, instanceID: instanceID, version: "1.2.3"),
        hub: try hub ?? ground.hub(token),
        heartbeat: try hub ?? ground.hub(token),
        target: .client(target ?? ground.cluster.client),
        registry: AgentMetrics.makeRegistry(),
        logger: logger
    )
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [agent], logger: .silent))
    let running = Task { try await group.run() }
    do {
        let result = try await body(agent)
        await group.triggerGracefulShutdown()
        try await running.value
        return result
    } catch {
        await group.triggerGracefulShutdown()
        _ = try? await running.value
        throw error
    }
}
