// SPDX-License-Identifier: Apache-2.0
public import Observability

/// How an agent's process works.
public struct AgentConfiguration: Sendable, Hashable {
    /// How the hub is reached.
    public enum Hub: Sendable, Hashable {
        /// As the pod's service account, in the cluster that the pod runs in.
        case inCluster
        /// As the current context of a kubeconfig says.
        case kubeconfig(String)
        /// At a URL.
        case server(HubServer)
    }

    /// A hub at a URL.
    public struct HubServer: Sendable, Hashable {
        /// The URL of its API server.
        public var url: String
        /// The file with the certificates to check it against; nil for the system's.
        public var authorityFile: String?
        /// The proxy; nil for the environment's.
        public var proxyURL: String?
        /// What the agent proves itself with.
        public var credentials: HubCredentials
    }

    /// What an agent proves itself with at a hub.
    public enum HubCredentials: Sendable, Hashable {
        /// A token in a file that somebody else renews.
        case tokenFile(String)
        /// A token of its own, which it keeps in a Secret and renews.
        case kept(secret: String, bootstrapFile: String?)
    }

    /// Name of the ClusterAgent.
    public var cluster: String
    /// How the hub is reached.
    public var hub: Hub
    /// A kubeconfig for the observed cluster; nil for the cluster that the pod runs in.
    public var targetKubeconfig: String?
    /// The agent's own namespace in the observed cluster.
    public var namespace: String
    /// The agent's own Deployment there; nil to leave it alone.
    public var deployment: String?
    /// What tells this run from every other one.
    public var identity: String
    /// What the identities of earlier runs in the same pod begin with; nil if that is not known.
    public var predecessors: String?
    /// How many tasks may be worked on at the same time.
    public var maxConcurrentTasks: Int
    /// How many requests to the observed cluster there may be in a second; 0 for no limit.
    public var requestsPerSecond: Double
    /// The least important messages to log, by name.
    public var logLevel: String
    /// Whether the log is JSON.
    public var logsJSON: Bool
    /// Where probes are answered; nil for nowhere.
    public var healthAddress: BindAddress?
    /// Where metrics are served; nil for nowhere.
    public var metricsAddress: BindAddress?
    /// How long the process may take to stop.
    public var gracePeriod: Duration

    /// Takes the configuration from the settings of ``AgentSetting``.
    /// - Parameters:
    ///   - values: the settings.
    ///   - podNamespace: the namespace of the process's pod, if it is in one.
    ///   - podName: the name of that pod.
    ///   - hostName: the host's name.
    ///   - word: a random word.
    /// - Throws: `SettingsError` if a setting is missing, or settings contradict each other.
    public init(
        _ values: SettingValues,
        podNamespace: String?,
        podName: String?,
        hostName: String,
        word: String
    ) throws(SettingsError) {
        guard let cluster = values.text(AgentSetting.cluster) else {
            throw SettingsError("--\(AgentSetting.cluster.flag) is missing: the name of the ClusterAgent at the hub")
        }
        self.cluster = cluster
        hub = try Self.hub(values)
        targetKubeconfig = values.text(AgentSetting.targetKubeconfig)
        namespace =
            values.text(AgentSetting.namespace) ?? podNamespace.flatMap { $0.isEmpty ? nil : $0 }
            ?? "aetherius-system"
        deployment = values.text(AgentSetting.deployment)
        let pod = podName.flatMap { $0.isEmpty ? nil : $0 }
        // A pod's containers run one after the other: who held the Lease under the pod's name has ended.
        predecessors = values.text(AgentSetting.identity) == nil ? pod.map { "\($0)_" } : nil
        identity = values.text(AgentSetting.identity) ?? "\(pod ?? hostName)_\(word)"
        maxConcurrentTasks = values.integer(AgentSetting.maxConcurrentTasks) ?? 2
        requestsPerSecond = values.number(AgentSetting.requestsPerSecond) ?? 0
        logLevel = values.text(AgentSetting.logLevel) ?? "info"
        logsJSON = values.text(AgentSetting.logFormat) == "json"
        healthAddress = values.address(AgentSetting.listen)
        metricsAddress = values.address(AgentSetting.metricsListen)
        gracePeriod = .seconds(values.integer(AgentSetting.gracePeriod) ?? 20)
        if let healthAddress, healthAddress == metricsAddress, healthAddress.port != 0 {
            throw SettingsError(
                "--\(AgentSetting.metricsListen.flag) has to differ from --\(AgentSetting.listen.flag) (\(healthAddress))"
            )
        }
    }

    private static func hub(_ values: SettingValues) throws(SettingsError) -> Hub {
        let kubeconfig = values.text(AgentSetting.hubKubeconfig)
        guard let url = values.text(AgentSetting.hubServer) else {
            let needing = [
                AgentSetting.hubAuthority, AgentSetting.hubProxy, AgentSetting.hubTokenFile,
                AgentSetting.hubCredentials, AgentSetting.bootstrapTokenFile,
            ]
            for setting in needing where values.text(setting) != nil {
                throw SettingsError("--\(setting.flag) has a meaning only with --\(AgentSetting.hubServer.flag)")
            }
            return kubeconfig.map { .kubeconfig($0) } ?? .inCluster
        }
        guard kubeconfig == nil else {
            throw SettingsError(
                "--\(AgentSetting.hubKubeconfig.flag) and --\(AgentSetting.hubServer.flag) exclude each other"
            )
        }
        guard url.hasPrefix("https://") else {
            throw SettingsError(
                "--\(AgentSetting.hubServer.flag) has to begin with https://: what goes there is secret"
            )
        }
        let credentials: HubCredentials
        switch (values.text(AgentSetting.hubTokenFile), values.text(AgentSetting.hubCredentials)) {
        case (let file?, nil): credentials = .tokenFile(file)
        case (nil, let secret?):
            credentials = .kept(secret: secret, bootstrapFile: values.text(AgentSetting.bootstrapTokenFile))
        default:
            throw SettingsError(
                "--\(AgentSetting.hubServer.flag) needs one of --\(AgentSetting.hubTokenFile.flag) and "
                    + "--\(AgentSetting.hubCredentials.flag)"
            )
        }
        return .server(
            HubServer(
                url: url,
                authorityFile: values.text(AgentSetting.hubAuthority),
                proxyURL: values.text(AgentSetting.hubProxy),
                credentials: credentials
            )
        )
    }
}
