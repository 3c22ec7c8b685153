// SPDX-License-Identifier: Apache-2.0
import AetheriusAgent
import ArgumentParser
import FoundationEssentials
import Observability

struct AgentCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "agent",
            abstract: "Observes a cluster for an operator in another one, until it is told to stop.",
            discussion: """
                The operator's cluster, the hub, has a ClusterAgent of the agent's name, and everything else that the \
                agent needs there. Each option can also be set in the environment, as AETHERIUS_AGENT_LOG_LEVEL for \
                --log-level, and in a file, as logLevel.

                EXAMPLES
                  \(Invocation.name) agent --cluster edge-1 --target-kubeconfig /etc/target/kubeconfig
                      beside the operator, for a cluster that its pod reaches by a kubeconfig
                  \(Invocation.name) agent --cluster edge-1 --hub-server https://hub.example.com:6443 \\
                      --hub-ca-file /etc/hub/ca.crt --hub-credentials-secret aetherius-agent-hub \\
                      --bootstrap-token-file /etc/bootstrap/token --deployment aetherius-agent
                      in the cluster that it observes, as the manifest for it says
                """,
            subcommands: [ManifestCommand.self]
        )
    }

    @Option(
        help: ArgumentHelp("A YAML file with settings; options and the environment count more.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(AgentSetting.cluster) var cluster: String?
    @Option(AgentSetting.hubServer) var hubServer: String?
    @Option(AgentSetting.hubAuthority) var hubAuthority: String?
    @Option(AgentSetting.hubProxy) var hubProxy: String?
    @Option(AgentSetting.hubKubeconfig) var hubKubeconfig: String?
    @Option(AgentSetting.hubTokenFile) var hubTokenFile: String?
    @Option(AgentSetting.hubCredentials) var hubCredentials: String?
    @Option(AgentSetting.bootstrapTokenFile) var bootstrapTokenFile: String?
    @Option(AgentSetting.targetKubeconfig) var targetKubeconfig: String?
    @Option(AgentSetting.namespace) var namespace: String?
    @Option(AgentSetting.deployment) var deployment: String?
    @Option(AgentSetting.identity) var identity: String?
    @Option(AgentSetting.maxConcurrentTasks) var maxConcurrentTasks: String?
    @Option(AgentSetting.requestsPerSecond) var requestsPerSecond: String?
    @Option(AgentSetting.logLevel) var logLevel: String?
    @Option(AgentSetting.logFormat) var logFormat: String?
    @Option(AgentSetting.listen) var listen: String?
    @Option(AgentSetting.metricsListen) var metricsListen: String?
    @Option(AgentSetting.gracePeriod) var gracePeriod: String?

    private var given: [(Setting, String?)] {
        [
            (AgentSetting.cluster, cluster), (AgentSetting.hubServer, hubServer),
            (AgentSetting.hubAuthority, hubAuthority), (AgentSetting.hubProxy, hubProxy),
            (AgentSetting.hubKubeconfig, hubKubeconfig), (AgentSetting.hubTokenFile, hubTokenFile),
            (AgentSetting.hubCredentials, hubCredentials), (AgentSetting.bootstrapTokenFile, bootstrapTokenFile),
            (AgentSetting.targetKubeconfig, targetKubeconfig), (AgentSetting.namespace, namespace),
            (AgentSetting.deployment, deployment), (AgentSetting.identity, identity),
            (AgentSetting.maxConcurrentTasks, maxConcurrentTasks), (AgentSetting.requestsPerSecond, requestsPerSecond),
            (AgentSetting.logLevel, logLevel), (AgentSetting.logFormat, logFormat), (AgentSetting.listen, listen),
            (AgentSetting.metricsListen, metricsListen), (AgentSetting.gracePeriod, gracePeriod),
        ]
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let values = try SettingValues(
            of: AgentSetting.all,
            given: given,
            environment: environment,
            file: config,
            fileVariable: "AGENT_CONFIG"
        )
        let configuration: AgentConfiguration
        do {
            configuration = try AgentConfiguration(
                values,
                podNamespace: environment["POD_NAMESPACE"],
                podName: environment["POD_NAME"],
                hostName: ProcessInfo.processInfo.hostName,
                word: String(UUID().uuidString.lowercased().prefix(8))
            )
        } catch {
            throw ValidationError("\(error)")
        }
        try await AgentProcess(configuration: configuration).run()
    }
}
