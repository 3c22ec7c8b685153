// SPDX-License-Identifier: Apache-2.0
import AetheriusOperator
import ArgumentParser
import FoundationEssentials
import KubeAPI
import KubeClient
import Logging
import Observability

struct OperatorCommand: AsyncParsableCommand {
    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "operator",
            abstract: "Works on DiagnosticTasks until it is told to stop.",
            discussion: """
                The custom resource definitions and the operator's namespace have to exist. Several operators may \
                run: one works, and another takes over when that one goes.

                EXAMPLES
                  kubectl apply -f crds/
                  kubectl create namespace aetherius-system
                  \(Invocation.name) operator
                      in a pod, or with the current context of the kubeconfig
                  \(Invocation.name) operator --kubeconfig ~/.kube/config --context staging
                      for another cluster
                  \(Invocation.name) operator --log-format json --log-level debug
                      with more messages, for a log collector
                """
        )
    }

    @OptionGroup var cluster: ClusterOptions

    @Option(
        help: ArgumentHelp(
            "The operator's own namespace. Objects in it speak for the whole installation. "
                + "Without it: $POD_NAMESPACE, then aetherius-system.",
            valueName: "namespace"
        )
    )
    var namespace: String?

    @Option(
        help: ArgumentHelp(
            "What tells this process from other operators. Without it: the host's name and a random word.",
            valueName: "word"
        )
    )
    var identity: String?

    @Option(help: ArgumentHelp("How many tasks may run at the same time.", valueName: "number"))
    var maxConcurrentTasks = 50

    @Option(
        name: .customLong("kube-api-qps"),
        help: ArgumentHelp("How many requests to the API server there may be in a second; 0 for no limit.")
    )
    var requestsPerSecond = 500.0

    @Option(
        name: .customLong("kube-api-burst"),
        help: ArgumentHelp("How many requests there may be at once after a quiet time.", valueName: "number")
    )
    var requestBurst = 1000

    @Flag(inversion: .prefixedNo, help: "Take part in the leader election. Without it there must be one operator only.")
    var leaderElection = true

    @Option(
        help: ArgumentHelp(
            "The least important messages to log: trace, debug, info, warning, error.",
            valueName: "level"
        )
    )
    var logLevel = "info"

    @Option(help: "How to write the log: text or json.")
    var logFormat = LogFormat.text

    func validate() throws {
        guard (1...1000).contains(maxConcurrentTasks) else {
            throw ValidationError("--max-concurrent-tasks has to be between 1 and 1000")
        }
        guard requestsPerSecond >= 0, requestsPerSecond.isFinite, requestBurst >= 1 else {
            throw ValidationError("--kube-api-qps has to be 0 or more, and --kube-api-burst 1 or more")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level has to be one of trace, debug, info, warning, error")
        }
    }

    func run() async throws {
        let logger = makeLogger()
        let environment = ProcessInfo.processInfo.environment
        do {
            let client = try KubernetesClient(
                configuration: try cluster.configuration(),
                rateLimiter: requestsPerSecond > 0
                    ? RequestRateLimiter(requestsPerSecond: requestsPerSecond, burst: requestBurst) : nil
            )
            let configuration = OperatorConfiguration(
                namespace: namespace ?? environment["POD_NAMESPACE"] ?? "aetherius-system",
                identity: identity
                    ?? "\(ProcessInfo.processInfo.hostName)_\(UUID().uuidString.lowercased().prefix(8))",
                maxConcurrentTasks: maxConcurrentTasks,
                electsLeader: leaderElection
            )
            logger.info(
                "starting",
                metadata: [
                    "version": "\(Aetherius.version)", "server": "\(client.configuration.server)",
                    "namespace": "\(configuration.namespace)", "identity": "\(configuration.identity)",
                ]
            )
            let service = try AetheriusOperator(client: client, configuration: configuration, logger: logger)
            try await service.run()
            logger.info("stopped")
        } catch {
            logger.error("the operator cannot go on", metadata: ["error": "\(error)"])
            throw ExitCode.failure
        }
    }

    private func makeLogger() -> Logger {
        let level = Logger.Level(rawValue: logLevel) ?? .info
        switch logFormat {
        case .text:
            var logger = Logger(label: "aetherius") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = level
            return logger
        case .json:
            return Logger(label: "aetherius") { JSONLogHandler(label: $0, level: level) { Timestamp.now.microTime } }
        }
    }
}
