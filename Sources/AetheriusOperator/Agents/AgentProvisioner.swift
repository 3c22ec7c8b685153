// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime

/// Makes what agents need, and takes it away.
struct AgentProvisioner: Sendable {
    /// What a look at an agent has to know about what was made for it.
    struct Outcome {
        var deployment: AgentDeploymentState
        /// Until when the token to register with is valid.
        var bootstrapExpiry: Timestamp?
        /// Why nothing was made; nil if the spec is as it may be.
        var specError: FieldError?
    }

    let client: KubernetesClient
    let hosting: AgentHosting
    let records: AgentRecords
    let hub: HubIdentity
    /// The Deployments in the agents' namespace.
    let deployments: Store<Workload>

    var writer: ObjectWriter { ObjectWriter(client: client) }
    var credentials: AgentCredentials { AgentCredentials(client: client) }
    var target: TargetCluster { TargetCluster(kubeconfigs: TargetKubeconfig(client: client)) }

    /// Makes what an accepted agent needs.
    func grant(_ agent: ClusterAgent) async throws(KubeError) -> Outcome {
        if records.valid(for: agent) == nil {
            try await ensureNamespace()
            let grant = AgentGrant(agent)
            if let mailbox = try await writer.metadata(grant.mailboxNamespace) {
                guard grant.isMailbox(mailbox) else {
                    throw KubeError(
                        code: .configuration,
                        message: "namespace \(grant.mailboxNamespace.name) is there already and not this agent's "
                            + "mailbox: give the ClusterAgent another name"
                    )
                }
                if let error = grant.modeError(mailbox) { return Outcome(deployment: .unneeded, specError: error) }
            }
            try await writer.apply(grant.objects)
            if agent.spec.mode == .remote {
                records.note(agent)
            } else {
                let problem = try await makeHubDeployment(agent)
                records.note(agent) { $0.deployment = problem }
            }
        }
        if records.mustCheckKubeconfig(of: agent) {
            records.noteKubeconfig(of: agent, try await makeHubDeployment(agent))
        }
        guard agent.spec.mode == .remote else { return Outcome(deployment: hubDeployment(agent)) }
        return try await provideRemote(agent)
    }

    /// Takes the rights of an agent away; from then on each of its requests is denied.
    func revoke(_ agent: ClusterAgent) async throws(KubeError) {
        guard records.valid(for: agent) == nil else { return }
        try await withdraw(agent.metadata.name)
        records.note(agent)
    }

    /// Deletes what was made for an agent, but for its mailbox.
    func withdraw(_ cluster: String) async throws(KubeError) {
        let agent = ClusterAgent(metadata: ObjectMeta(name: cluster), spec: .init(mode: .hosted))
        try await writer.delete(
            AgentGrant(cluster: cluster).revoked + credentials.secrets(cluster)
                + HubAgent(agent: agent, image: "").all
        )
    }

    /// The chart makes it too; without the chart somebody has to.
    private func ensureNamespace() async throws(KubeError) {
        let namespace = Namespace(
            metadata: ObjectMeta(
                name: AgentNames.namespace,
                labels: [LabelKey.managedBy: LabelKey.managedByValue]
            )
        )
        do throws(KubeError) {
            _ = try await client.resources(Namespace.self).create(namespace, fieldManager: FieldManager.operator)
        } catch {
            guard error.code == .alreadyExists else { throw error }
        }
    }

    /// Makes the Deployment of an agent that runs on the hub.
    /// - Returns: why it cannot be made; nil if it was.
    private func makeHubDeployment(_ agent: ClusterAgent) async throws(KubeError) -> AgentDeploymentState? {
        guard let image = agent.spec.agent.image ?? hosting.image else { return .noImage }
        if agent.spec.mode == .hosted, let reference = agent.spec.target.kubeconfigSecretRef {
            do throws(KubeError) {
                _ = try await TargetKubeconfig(client: client).configuration(reference)
            } catch {
                guard error.code == .configuration else { throw error }
                return .failed(reason: "InvalidKubeconfig", message: error.message)
            }
        }
        let hosted = HubAgent(agent: agent, image: image)
        if agent.spec.mode == .local { try await writer.apply(hosted.observer.map { $0.owned(by: agent) }) }
        try await writer.apply(hosted.deployment.owned(by: agent))
        return nil
    }

    private func hubDeployment(_ agent: ClusterAgent) -> AgentDeploymentState {
        if let problem = records.valid(for: agent)?.deployment { return problem }
        let name = AgentNames.deployment(agent.metadata.name)
        return AgentDeploymentState(
            deployments.get(name, namespace: AgentNames.namespace),
            place: "Deployment \(AgentNames.namespace)/\(name)"
        )
    }
}
