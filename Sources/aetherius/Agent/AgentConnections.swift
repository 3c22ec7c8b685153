// SPDX-License-Identifier: Apache-2.0
import AetheriusAgent
import KubeClient
import KubeRuntime
import Observability

/// The connections of an agent's process.
struct AgentConnections {
    /// To the hub.
    let hub: KubernetesClient
    /// To the hub, for nothing but the heartbeat.
    let heartbeat: KubernetesClient
    /// To the observed cluster.
    let target: AgentTarget
    /// Where the agent's own token is, if it keeps one.
    let kept: (box: HubTokenBox, secret: String, bootstrapFile: String?)?

    init(_ configuration: AgentConfiguration, registry: MetricsRegistry) throws(KubeError) {
        let metrics = RESTClientMetrics(factory: registry)
        func common(_ configuration: inout ClientConfiguration) {
            configuration.userAgent = "aetherius/\(Aetherius.version)"
            configuration.metrics = metrics
        }
        var ofHub: ClientConfiguration
        var kept: (box: HubTokenBox, secret: String, bootstrapFile: String?)?
        switch configuration.hub {
        case .inCluster: ofHub = try .inCluster()
        case .kubeconfig(let path): ofHub = try .load(kubeconfig: path)
        case .server(let server):
            ofHub = ClientConfiguration(
                server: server.url,
                certificateAuthority: server.authorityFile.map { .file($0) }
            )
            if let proxy = server.proxyURL { ofHub.proxy = .url(proxy) }
            switch server.credentials {
            case .tokenFile(let path): ofHub.credentials = .tokenFile(path)
            case .kept(let secret, let bootstrapFile):
                let box = HubTokenBox()
                ofHub.credentials = .tokenProvider(box)
                kept = (box, secret, bootstrapFile)
            }
        }
        common(&ofHub)
        // The agent decides itself when to try again, and counts what it could not say.
        ofHub.transport.retries = .none
        hub = try KubernetesClient(configuration: ofHub)
        heartbeat = try KubernetesClient(configuration: ofHub, rateLimiter: nil)
        self.kept = kept
        let limiter =
            configuration.requestsPerSecond > 0
            ? RequestRateLimiter(
                requestsPerSecond: configuration.requestsPerSecond,
                burst: max(1, Int(configuration.requestsPerSecond) * 2)
            ) : nil
        let userAgent = ofHub.userAgent
        if let path = configuration.targetKubeconfig {
            target = .kubeconfig(path: path) { ofTarget throws(KubeError) in
                var ofTarget = ofTarget
                ofTarget.userAgent = userAgent
                ofTarget.metrics = metrics
                return try KubernetesClient(configuration: ofTarget, rateLimiter: limiter)
            }
        } else {
            var ofTarget = try ClientConfiguration.inCluster()
            common(&ofTarget)
            target = .client(try KubernetesClient(configuration: ofTarget, rateLimiter: limiter))
        }
    }
}
