// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeRuntime
import Logging
import Observability

/// What the operator serves over HTTP.
struct OperatorSites {
    private let configuration: OperatorConfiguration
    private let client: KubernetesClient
    private let surroundings: OperatorSurroundings
    private let certificate: ServerCertificate?
    private let authorizer: MetricsAuthorizer?

    /// - Throws: `KubeError` with the code `configuration` if the certificate for the metrics cannot be used.
    init(
        _ configuration: OperatorConfiguration,
        _ surroundings: OperatorSurroundings,
        client: KubernetesClient
    ) throws(KubeError) {
        self.configuration = configuration
        self.client = client
        self.surroundings = surroundings
        if configuration.metricsAddress != nil, let secure = configuration.secureMetrics {
            certificate = try ServerCertificate(directory: secure.certificates)
            authorizer = MetricsAuthorizer(client: client)
        } else {
            (certificate, authorizer) = (nil, nil)
        }
    }

    /// The server of the sites.
    func server(_ health: ManagerHealth, logger: Logger) -> HTTPServer {
        HTTPServer([healthSite(health), metricsSite()].compactMap { $0 }, logger: logger)
    }

    private func healthSite(_ health: ManagerHealth) -> HTTPSite? {
        configuration.healthAddress.map { address in
            .health(
                at: address,
                version: surroundings.build.version,
                logThreshold: surroundings.logThreshold,
                liveness: { [client] in
                    Self.checks(health.liveness) + [.network(delay: client.networkDelay())]
                },
                readiness: { Self.checks(health.readiness) }
            )
        }
    }

    private func metricsSite() -> HTTPSite? {
        guard let address = configuration.metricsAddress else { return nil }
        guard let authorizer else { return .metrics(at: address, registry: surroundings.registry) }
        return .metrics(at: address, registry: surroundings.registry, certificate: certificate) { token in
            await authorizer.decide(token)
        }
    }

    private static func checks(_ report: HealthReport) -> [HealthCheck] {
        report.checks.map { HealthCheck(name: $0.name, problem: $0.problem, duration: $0.duration) }
    }
}

extension HealthCheck {
    /// How long a network thread may stay away: no work of one takes a hundredth of that.
    ///
    /// Probes come every 10 seconds, so it has been called for as long even if only they call it.
    static let maximumNetworkDelay = Duration.seconds(20)

    /// Whether the threads that talk to the API server still turn, whether or not it answers.
    static func network(delay: Duration) -> HealthCheck {
        HealthCheck(
            name: "network",
            problem: delay <= maximumNetworkDelay
                ? nil : "a thread that talks to the API server has hung for \(delay.components.seconds) s"
        )
    }
}
