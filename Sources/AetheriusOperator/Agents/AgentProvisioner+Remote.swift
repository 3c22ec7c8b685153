// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import JSON
import KubeAPI
import KubeClient

extension AgentProvisioner {
    /// Keeps a manifest for a Remote agent, with a token to register with while it needs one, and installs it where
    /// there is a way in.
    func provideRemote(_ agent: ClusterAgent) async throws(KubeError) -> Outcome {
        let cluster = agent.metadata.name
        guard let image = agent.spec.agent.image ?? hosting.image else { return Outcome(deployment: .noImage) }
        let isAlive = agent.status.phase?.isAlive == true
        let isUnknown = agent.metadata.annotations[AnnotationKey.clusterUID] == nil
        let old = records.valid(for: agent)
        if let old, let state = old.deployment, old.wasAlive == isAlive, !isDue(old) {
            return Outcome(deployment: state, bootstrapExpiry: old.bootstrapExpiry)
        }
        var remote = RemoteAgent(agent: agent, image: image, connection: try await connection(agent))
        let installed = try await credentials.installed(cluster)
        if !isAlive, isUnknown || installed == nil || installed?.token != nil {
            remote.bootstrapToken = try await bootstrapToken(agent, present: installed?.token)
        } else if installed?.token != nil {
            // It has a token of its own by now: the one that it registered with is worth nothing from here on.
            try await credentials.revokeBootstrapToken(cluster)
        }
        let hash = Hash.sha256(Array(remote.manifest.utf8))
        let isNew = installed?.hash != hash
        let run = AgentRun(
            instance: agent.status.agent?.instanceID,
            settings: remote.settingsHash,
            before: installed?.run,
            settingsBefore: installed?.settings
        )
        if isNew || installed?.run != run { try await credentials.keep(remote, hash: hash, run) }
        let isOutdated = run?.isOutdated(by: remote.settingsHash) == true
        let state = await deploy(remote, isNew: isNew, isOutdated: isOutdated, before: old?.deployment)
        let expiry = remote.bootstrapToken?.expiration
        records.note(agent, lookedAt: old) { record in
            record.deployment = state
            record.bootstrapExpiry = expiry
            record.wasAlive = isAlive
        }
        return Outcome(deployment: state, bootstrapExpiry: expiry)
    }

    private func bootstrapToken(
        _ agent: ClusterAgent,
        present: ServiceAccountToken?
    ) async throws(KubeError) -> ServiceAccountToken {
        if let present, present.expiration.since(.now) > AgentCredentials.renewal { return present }
        return try await credentials.makeBootstrapToken(agent)
    }

    /// Whether what was noted is to be looked at again.
    private func isDue(_ record: AgentRecords.Record) -> Bool {
        if let expiry = record.bootstrapExpiry, expiry.since(.now) <= AgentCredentials.renewal { return true }
        // The Secret may have been deleted, to ask for a new token; the far cluster may be there again.
        return records.isLookDue(record)
    }

    private func deploy(
        _ remote: RemoteAgent,
        isNew: Bool,
        isOutdated: Bool,
        before: AgentDeploymentState?
    ) async -> AgentDeploymentState {
        guard let reference = remote.agent.spec.target.kubeconfigSecretRef else {
            return isOutdated ? .outdated : .manual
        }
        if let before, !isNew {
            switch before {
            // An agent that beats has a pod: the far cluster need not be asked every time.
            case .available where remote.agent.status.phase?.isAlive == true: return before
            case .available, .progressing: return await target.state(of: remote, by: reference)
            default: break
            }
        }
        return await target.install(remote, by: reference)
    }

    private func connection(_ agent: ClusterAgent) async throws(KubeError) -> RemoteAgent.Connection {
        let spec = agent.spec.connection
        return RemoteAgent.Connection(
            server: spec.server ?? hosting.hubServer ?? "",
            authority: try authority(spec),
            proxyURL: spec.proxyURL ?? hosting.hubProxy,
            hubUID: try await hub.uid()
        )
    }

    /// The certificates that the agent is to trust, as PEM.
    private func authority(_ connection: ClusterAgent.Connection) throws(KubeError) -> String? {
        if let bundle = connection.caBundle, !bundle.isEmpty {
            guard let bytes = Base64.decode(bundle) else {
                throw KubeError(code: .configuration, message: "spec.connection.caBundle is not Base64")
            }
            let certificates = try PEMSource.data(bytes).read(.certificate, for: "spec.connection.caBundle, decoded,")
            return String(decoding: certificates, as: UTF8.self)
        }
        let source = hosting.hubAuthority.map { PEMSource.file($0) } ?? client.configuration.certificateAuthority
        guard let source else { return nil }
        return String(decoding: try source.read(for: "the authority that agents trust"), as: UTF8.self)
    }
}
