// SPDX-License-Identifier: Apache-2.0
import AetheriusOperator
import ArgumentParser
import FoundationEssentials
import KubeClient
import KubeRuntime
import Logging
import Observability

struct OperatorCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "operator",
            abstract: "Works on DiagnosticTasks until it is told to stop.",
            discussion: """
                The custom resource definitions and the operator's namespace have to exist. Several operators may \
                run: one works, and another takes over when that one goes. Each option can also be set in the \
                environment, as AETHERIUS_LOG_LEVEL for --log-level, and in a file, as logLevel.

                EXAMPLES
                  kubectl apply -f crds/
                  kubectl create namespace aetherius-system
                  \(Invocation.name) operator
                      in a pod, or with the current context of the kubeconfig
                  \(Invocation.name) operator --kubeconfig ~/.kube/config --context staging
                      for another cluster
                  \(Invocation.name) operator --log-format json --log-level debug
                      with more messages, for a log collector
                  \(Invocation.name) operator --config /etc/aetherius/config.yaml
                      with settings from a file
                """
        )
    }

    @Option(
        help: ArgumentHelp("A YAML file with settings; options and the environment count more.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(OperatorSetting.kubeconfig) var kubeconfig: String?
    @Option(OperatorSetting.context) var context: String?
    @Option(OperatorSetting.namespace) var namespace: String?
    @Option(OperatorSetting.watchNamespaces) var watchNamespaces: String?
    @Option(OperatorSetting.identity) var identity: String?
    @Flag(OperatorSetting.leaderElection) var leaderElection: Bool?
    @Option(OperatorSetting.maxConcurrentTasks) var maxConcurrentTasks: String?
    @Option(OperatorSetting.requestsPerSecond) var requestsPerSecond: String?
    @Option(OperatorSetting.requestBurst) var requestBurst: String?
    @Flag(OperatorSetting.readSecrets) var readSecrets: Bool?
    @Option(OperatorSetting.logLevel) var logLevel: String?
    @Option(OperatorSetting.logFormat) var logFormat: String?
    @Option(OperatorSetting.healthAddress) var healthAddress: String?
    @Option(OperatorSetting.metricsAddress) var metricsAddress: String?
    @Flag(OperatorSetting.metricsSecure) var metricsSecure: Bool?
    @Option(OperatorSetting.metricsCertificates) var metricsCertificates: String?
    @Option(OperatorSetting.traceEndpoint) var traceEndpoint: String?
    @Option(OperatorSetting.gracePeriod) var gracePeriod: String?
    @Flag(OperatorSetting.observeLocal) var observeLocal: Bool?
    @Option(OperatorSetting.automaticTasksPerMinute) var automaticTasksPerMinute: String?
    @Flag(OperatorSetting.agents) var agents: Bool?
    @Option(OperatorSetting.agentImage) var agentImage: String?
    @Option(OperatorSetting.agentHubServer) var agentHubServer: String?
    @Option(OperatorSetting.agentHubAuthority) var agentHubAuthority: String?
    @Option(OperatorSetting.agentHubProxy) var agentHubProxy: String?

    private var given: [(Setting, String?)] {
        [
            (OperatorSetting.kubeconfig, kubeconfig), (OperatorSetting.context, context),
            (OperatorSetting.namespace, namespace), (OperatorSetting.watchNamespaces, watchNamespaces),
            (OperatorSetting.identity, identity), (OperatorSetting.leaderElection, leaderElection.map { "\($0)" }),
            (OperatorSetting.maxConcurrentTasks, maxConcurrentTasks),
            (OperatorSetting.readSecrets, readSecrets.map { "\($0)" }),
            (OperatorSetting.requestsPerSecond, requestsPerSecond), (OperatorSetting.requestBurst, requestBurst),
            (OperatorSetting.logLevel, logLevel), (OperatorSetting.logFormat, logFormat),
            (OperatorSetting.healthAddress, healthAddress), (OperatorSetting.metricsAddress, metricsAddress),
            (OperatorSetting.metricsSecure, metricsSecure.map { "\($0)" }),
            (OperatorSetting.metricsCertificates, metricsCertificates), (OperatorSetting.traceEndpoint, traceEndpoint),
            (OperatorSetting.gracePeriod, gracePeriod), (OperatorSetting.agentImage, agentImage),
            (OperatorSetting.observeLocal, observeLocal.map { "\($0)" }),
            (OperatorSetting.automaticTasksPerMinute, automaticTasksPerMinute),
            (OperatorSetting.agents, agents.map { "\($0)" }),
            (OperatorSetting.agentHubServer, agentHubServer), (OperatorSetting.agentHubAuthority, agentHubAuthority),
            (OperatorSetting.agentHubProxy, agentHubProxy),
        ]
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let values = try SettingValues(
            of: OperatorSetting.all,
            given: given,
            environment: environment,
            file: config,
            fileVariable: "CONFIG"
        )
        let configuration: OperatorConfiguration
        do {
            configuration = try OperatorConfiguration(values, podNamespace: environment["POD_NAMESPACE"]) {
                "\(ProcessInfo.processInfo.hostName)_\(UUID().uuidString.lowercased().prefix(8))"
            }
        } catch {
            throw ValidationError("\(error)")
        }
        try await OperatorProcess(values: values, configuration: configuration).run()
    }
}
