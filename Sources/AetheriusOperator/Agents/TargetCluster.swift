// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
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

    /// Installs an agent, or brings it in line, unless another one is there.
    /// - Returns: how far the Deployment is; a failure is a state too.
    func install(
        _ remote: RemoteAgent,
        by reference: ClusterAgent.KubeconfigReference
    ) async -> AgentDeploymentState {
        let objects = remote.objects
        return await state(of: remote, by: reference) { client throws(KubeError) in
            try await ObjectWriter(client: client).apply(objects)
        }
    }

    /// Looks at what was installed.
    func state(
        of remote: RemoteAgent,
        by reference: ClusterAgent.KubeconfigReference,
        after act: @escaping @Sendable (KubernetesClient) async throws(KubeError) -> Void = { _ in }
    ) async -> AgentDeploymentState {
        do {
            return try await within(reference) { client throws(KubeError) in
                if let obstacle = try await InstalledAgent.read(client)?.obstacle(to: remote) { return obstacle }
                try await act(client)
                return try await Self.look(client)
            }
        } catch {
            return .failed(reason: Self.reason(error), message: Self.message(error, by: reference))
        }
    }

    /// Removes an agent, and nothing that is another's.
    func remove(_ remote: RemoteAgent, by reference: ClusterAgent.KubeconfigReference) async throws {
        let objects = remote.removed
        try await within(reference) { client throws(KubeError) in
            if let installed = try await InstalledAgent.read(client), installed.isOfAnotherHub(than: remote) { return }
            try await ObjectWriter(client: client).delete(objects, madeFor: remote.agent.metadata.name)
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

    /// The word for a condition: what stands in the way of a connection is called as agents call it.
    static func reason(_ error: any Error) -> String {
        guard let error = error as? KubeError else { return "InstallFailed" }
        return switch error.code {
        case .configuration: "InvalidKubeconfig"
        case .notFound: "NotInstalled"
        case .connection, .deadlineExceeded, .forbidden, .serverTimeout, .unauthorized, .unavailable:
            FailureReason.word(for: error)
        default: "InstallFailed"
        }
    }

    /// The sentence for a condition.
    static func message(_ error: any Error, by reference: ClusterAgent.KubeconfigReference) -> String {
        guard let error = error as? KubeError else { return "\(error)" }
        guard error.code == .unauthorized else { return error.message }
        return "\(reference.origin): the observed cluster refuses its token or certificate (401): put a valid one in"
    }
}
