// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime

/// Installs agents in far clusters, and removes them, where the hub has been given a way in.
///
/// Each call ends within a bounded time, whatever the far cluster does.
struct TargetCluster: Sendable {
    let kubeconfigs: TargetKubeconfig
    /// How long one call may take.
    var timeout = Duration.seconds(20)

    /// Installs an agent, or brings it in line.
    /// - Returns: how far the Deployment is; a failure is a state too.
    func install(
        _ remote: RemoteAgent,
        by reference: ClusterAgent.KubeconfigReference
    ) async -> AgentDeploymentState {
        let objects = remote.objects
        return await state(by: reference) { client throws(KubeError) in
            try await ObjectWriter(client: client).apply(objects)
        }
    }

    /// Looks at what was installed.
    func state(
        by reference: ClusterAgent.KubeconfigReference,
        after act: @escaping @Sendable (KubernetesClient) async throws(KubeError) -> Void = { _ in }
    ) async -> AgentDeploymentState {
        do {
            return try await within(reference) { client throws(KubeError) in
                try await act(client)
                return try await Self.look(client)
            }
        } catch {
            return .failed(reason: Self.reason(error), message: (error as? KubeError)?.message ?? "\(error)")
        }
    }

    /// Removes an agent.
    func remove(_ remote: RemoteAgent, by reference: ClusterAgent.KubeconfigReference) async throws {
        let objects = remote.removed
        try await within(reference) { client throws(KubeError) in
            try await ObjectWriter(client: client).delete(objects)
        }
    }

    private func within<Value: Sendable>(
        _ reference: ClusterAgent.KubeconfigReference,
        _ act: @escaping @Sendable (KubernetesClient) async throws(KubeError) -> Value
    ) async throws -> Value {
        var configuration = try await kubeconfigs.configuration(reference)
        configuration.connectTimeout = min(.seconds(5), timeout)
        configuration.transport.retries = .none
        let client = try KubernetesClient(configuration: configuration, rateLimiter: nil)
        return try await withTimeout(timeout, clock: .continuous) { try await act(client) }
    }

    private static func look(_ client: KubernetesClient) async throws(KubeError) -> AgentDeploymentState {
        let deployments = client.resources(
            Workload.self,
            of: .deployment,
            namespace: AgentNames.Remote.namespace
        )
        return AgentDeploymentState(
            try await deployments.get(AgentNames.Remote.agent),
            place: "Deployment \(AgentNames.Remote.namespace)/\(AgentNames.Remote.agent) in the observed cluster"
        )
    }

    /// The word for a condition.
    static func reason(_ error: any Error) -> String {
        switch (error as? KubeError)?.code {
        case .configuration: "InvalidKubeconfig"
        case .notFound: "NotInstalled"
        case .unauthorized: "CredentialRefused"
        case .forbidden: "Forbidden"
        case .deadlineExceeded, .serverTimeout: "TargetTimeout"
        case .connection: "TargetUnreachable"
        default: "InstallFailed"
        }
    }
}
