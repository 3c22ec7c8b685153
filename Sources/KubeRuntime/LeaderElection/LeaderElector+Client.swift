// SPDX-License-Identifier: Apache-2.0
public import CoreMetrics
import KubeAPI
public import KubeClient
public import Logging

extension LeaderElector {
    /// Creates an elector whose lease is on the client's server; it is not running yet.
    ///
    /// Its requests are not subject to the client's rate limiter: a renewal must not stand in line behind the work.
    /// - Parameters:
    ///   - name: the lease's name; all candidates use the same one.
    ///   - client: the connection to the API server.
    ///   - namespace: the lease's namespace; nil for that of the client's configuration.
    ///   - configuration: who this is, and how fast it acts.
    ///   - metricsFactory: where `leader_election_master_status` goes; nil for nowhere.
    ///   - logger: gets the messages, with the lease's name.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/configuration`` if the configuration is not safe.
    public convenience init(
        _ name: String,
        client: KubernetesClient,
        namespace: String? = nil,
        configuration: LeaderElectionConfiguration = LeaderElectionConfiguration(),
        metricsFactory: (any MetricsFactory)? = nil,
        logger: Logger
    ) throws(KubeError) {
        let namespace = namespace ?? client.configuration.namespace
        try self.init(
            leases: client.limited(by: nil).resources(Lease.self, namespace: namespace),
            name: name,
            namespace: namespace,
            configuration: configuration,
            metricsFactory: metricsFactory,
            logger: logger
        )
    }
}
