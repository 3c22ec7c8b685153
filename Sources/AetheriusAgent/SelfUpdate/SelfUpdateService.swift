// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
public import Logging
public import ServiceLifecycle

/// Keeps an agent's own Deployment in step with `spec.agent` of its ClusterAgent, so that an agent in a far cluster is
/// managed from the hub.
public struct SelfUpdateService: ServiceLifecycle.Service {
    /// The time between two looks at the Deployment while nothing changes at the hub.
    private static let lookInterval = Duration.seconds(60)

    private let target: TargetHolder
    private let namespace: String
    private let name: String
    private let agents: Store<ClusterAgent>
    private let cluster: String
    private let logger: Logger

    /// Creates the service.
    /// - Parameters:
    ///   - namespace: the Deployment's namespace in the observed cluster.
    ///   - name: the Deployment's name. The agent's container is called `agent`.
    ///   - agent: the agent whose Deployment it is.
    public init(
        namespace: String,
        name: String,
        agent: ClusterAgentRuntime,
        logger: Logger
    ) {
        target = agent.holder
        self.namespace = namespace
        self.name = name
        agents = agent.clusterAgents.store
        cluster = agent.cluster
        self.logger = logger
    }

    /// Works until the task is cancelled or the service shut down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var applied: ClusterAgent.AgentSettings?
            var lookedAt = ContinuousClock.now
            while !Task.isCancelled {
                let wanted = agents.get(cluster)?.spec.agent
                if let wanted, wanted != applied || lookedAt + Self.lookInterval <= .now {
                    lookedAt = .now
                    applied = await apply(wanted) ? wanted : nil
                }
                do { try await Task.sleep(for: .seconds(5)) } catch { return }
            }
        }
    }

    private func apply(_ settings: ClusterAgent.AgentSettings) async -> Bool {
        do throws(KubeError) {
            let deployments = try target.client().resources(
                DynamicObject.self,
                of: DeploymentKind.resource,
                namespace: namespace
            )
            let deployment = try await deployments.get(name)
            guard let patch = OwnDeployment.patch(deployment.value, settings) else { return true }
            _ = try await deployments.patch(name, .strategicMerge(patch, fieldManager: FieldManager.agent))
            logger.info("brought the agent's own Deployment in line with the ClusterAgent; it rolls out anew")
            return true
        } catch {
            logger.warning(
                "the agent's own Deployment cannot be brought in line with the ClusterAgent",
                metadata: ["reason": "\(FailureReason.word(for: error))", "error": "\(error.message)"]
            )
            return false
        }
    }
}
