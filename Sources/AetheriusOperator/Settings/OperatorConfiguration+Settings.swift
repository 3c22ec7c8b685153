// SPDX-License-Identifier: Apache-2.0
public import Observability

extension OperatorConfiguration {
    /// Takes the configuration from the settings.
    /// - Parameters:
    ///   - values: the settings of ``OperatorSetting``.
    ///   - podNamespace: the namespace that this process's pod is in, if it is in one.
    ///   - makeIdentity: makes an identity if none is set.
    /// - Throws: `SettingsError` if settings contradict each other.
    public init(
        _ values: SettingValues,
        podNamespace: String?,
        makeIdentity: () -> String
    ) throws(SettingsError) {
        let ofPod = podNamespace.flatMap { $0.isEmpty ? nil : $0 }
        self.init(
            namespace: values.text(OperatorSetting.namespace) ?? ofPod ?? "aetherius-system",
            identity: values.text(OperatorSetting.identity) ?? makeIdentity(),
            maxConcurrentTasks: values.integer(OperatorSetting.maxConcurrentTasks) ?? 50,
            electsLeader: values.flag(OperatorSetting.leaderElection),
            gracePeriod: .seconds(values.integer(OperatorSetting.gracePeriod) ?? 30)
        )
        watchNamespaces = Set(values.list(OperatorSetting.watchNamespaces))
        readsSecrets = values.flag(OperatorSetting.readSecrets)
        observesLocal = values.flag(OperatorSetting.observeLocal)
        automaticTasksPerMinute = values.integer(OperatorSetting.automaticTasksPerMinute) ?? 30
        healthAddress = values.address(OperatorSetting.healthAddress)
        metricsAddress = values.address(OperatorSetting.metricsAddress)
        agents.isEnabled = values.flag(OperatorSetting.agents)
        agents.image = values.text(OperatorSetting.agentImage)
        agents.hubServer = values.text(OperatorSetting.agentHubServer)
        agents.hubAuthority = values.text(OperatorSetting.agentHubAuthority)
        agents.hubProxy = values.text(OperatorSetting.agentHubProxy)
        if let server = agents.hubServer, !server.hasPrefix("https://") {
            throw Self.contradiction(OperatorSetting.agentHubServer, "has to begin with https://")
        }
        if let healthAddress, healthAddress == metricsAddress, healthAddress.port != 0 {
            throw Self.contradiction(
                OperatorSetting.metricsAddress,
                "has to differ from --\(OperatorSetting.healthAddress.flag) (\(healthAddress))"
            )
        }
        let certificates = values.text(OperatorSetting.metricsCertificates)
        switch (values.flag(OperatorSetting.metricsSecure), certificates) {
        case (true, let directory?): secureMetrics = SecureMetrics(certificates: directory)
        case (true, nil):
            throw Self.contradiction(
                OperatorSetting.metricsSecure,
                "needs --\(OperatorSetting.metricsCertificates.flag), a directory with tls.crt and tls.key"
            )
        case (false, _?):
            throw Self.contradiction(
                OperatorSetting.metricsCertificates,
                "has a meaning only with --\(OperatorSetting.metricsSecure.flag)"
            )
        case (false, nil): break
        }
    }

    private static func contradiction(_ setting: Setting, _ text: String) -> SettingsError {
        SettingsError("--\(setting.flag) \(text)")
    }
}
