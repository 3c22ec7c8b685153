// SPDX-License-Identifier: Apache-2.0
public import Observability

/// How the operator works.
public struct OperatorConfiguration: Sendable, Hashable {
    /// How the metrics are protected.
    public struct SecureMetrics: Sendable, Hashable {
        /// The directory with `tls.crt` and `tls.key`.
        public var certificates: String

        /// Creates settings.
        public init(certificates: String) { self.certificates = certificates }
    }

    /// The operator's own namespace: its lease is there, and objects in it speak for the whole installation.
    public var namespace: String
    /// What tells this process from every other one that may work for the same installation.
    public var identity: String
    /// The only namespaces that the operator reads; none for the whole cluster.
    public var watchNamespaces: Set<String> = []
    /// Whether Secrets with certificates may be read, for their dates and names.
    public var readsSecrets = false
    /// How many tasks may run at the same time.
    ///
    /// Critical ones about the system namespaces are admitted above it, up to ten.
    public var maxConcurrentTasks: Int
    /// Whether the operator watches the cluster that it runs in, and reports in the ClusterAgent for it.
    ///
    /// It has no meaning where ``watchNamespaces`` are set: without ClusterAgents there is nowhere to report.
    public var observesLocal = true
    /// How many tasks may be opened in a minute for incidents that agents report; the others wait.
    public var automaticTasksPerMinute = 30
    /// Whether to take part in leader election; without it there must be no second operator.
    public var electsLeader: Bool
    /// How long the process may take to stop once it is asked to; running tasks get what is left after the rest.
    public var gracePeriod: Duration
    /// Where probes are answered; nil for nowhere.
    public var healthAddress: BindAddress?
    /// Where metrics are served; nil for nowhere.
    public var metricsAddress: BindAddress?
    /// How the metrics are protected; nil for not at all.
    public var secureMetrics: SecureMetrics?
    /// What agents get where their ClusterAgents do not say.
    public var agents = AgentHosting()

    /// Creates a configuration that serves nothing over HTTP.
    public init(
        namespace: String,
        identity: String,
        maxConcurrentTasks: Int = 50,
        electsLeader: Bool = true,
        gracePeriod: Duration = .seconds(30)
    ) {
        self.namespace = namespace
        self.identity = identity
        self.maxConcurrentTasks = maxConcurrentTasks
        self.electsLeader = electsLeader
        self.gracePeriod = gracePeriod
    }

    /// How long running tasks may take to finish: a sixth of the time, at most five seconds, is left for the rest.
    var drainPeriod: Duration { gracePeriod - min(.seconds(5), gracePeriod / 6) }
}
