// SPDX-License-Identifier: Apache-2.0
import AetheriusOperator
import ArgumentParser
import KubeClient
import KubeRuntime
import Logging
import Observability

/// Puts the operator together from its settings, and runs it.
struct OperatorProcess {
    let values: SettingValues
    let configuration: OperatorConfiguration

    func run() async throws {
        let threshold = LogThreshold(
            values.text(OperatorSetting.logLevel).flatMap { Logger.Level(rawValue: $0) } ?? .info
        )
        let logger = ProcessLogger.make(
            isJSON: values.text(OperatorSetting.logFormat) == "json",
            threshold: threshold
        )
        do {
            var surroundings = OperatorSurroundings(
                registry: OperatorMetrics.makeRegistry(),
                logThreshold: threshold,
                build: BuildInformation(version: Aetherius.version, commit: Build.commit)
            )
            if let endpoint = values.text(OperatorSetting.traceEndpoint) {
                let recorder = TraceRecorder()
                surroundings.tracer = recorder
                surroundings.traceExporter = try TraceExporter(
                    recorder,
                    to: endpoint,
                    resource: traceResource,
                    logger: logger
                )
            }
            let client = try makeClient(surroundings)
            logger.info(
                "starting",
                metadata: [
                    "version": "\(Aetherius.version)", "server": "\(client.configuration.server)",
                    "namespace": "\(configuration.namespace)", "identity": "\(configuration.identity)",
                ]
            )
            let service = try AetheriusOperator(
                client: client,
                configuration: configuration,
                surroundings: surroundings,
                logger: logger
            )
            try await service.run()
            logger.info("stopped")
        } catch {
            logger.error("the operator cannot go on", metadata: ["error": "\(error)"])
            throw ExitCode.failure
        }
    }

    private func makeClient(_ surroundings: OperatorSurroundings) throws(KubeError) -> KubernetesClient {
        var configuration = try ClientConfiguration.load(
            kubeconfig: values.text(OperatorSetting.kubeconfig),
            context: values.text(OperatorSetting.context)
        )
        configuration.userAgent = "aetherius/\(Aetherius.version)"
        configuration.metrics = RESTClientMetrics(factory: surroundings.registry)
        configuration.tracer = surroundings.tracer
        let requestsPerSecond = values.number(OperatorSetting.requestsPerSecond) ?? 0
        let burst = values.integer(OperatorSetting.requestBurst) ?? 1
        return try KubernetesClient(
            configuration: configuration,
            rateLimiter: requestsPerSecond > 0
                ? RequestRateLimiter(requestsPerSecond: requestsPerSecond, burst: burst) : nil
        )
    }

    /// What the spans come from, by OpenTelemetry's names.
    private var traceResource: [(String, String)] {
        [
            ("service.name", Invocation.program), ("service.version", Aetherius.version),
            ("service.instance.id", configuration.identity), ("k8s.namespace.name", configuration.namespace),
        ]
    }
}
