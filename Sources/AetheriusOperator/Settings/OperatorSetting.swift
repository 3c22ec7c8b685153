// SPDX-License-Identifier: Apache-2.0
public import Observability

/// Everything that can be set about the operator.
///
/// The flags, the messages about wrong values and `docs/configuration.md` come from here.
public enum OperatorSetting {
    /// All settings, in the order in which they are documented.
    public static let all = [
        kubeconfig, context, namespace, watchNamespaces, identity, leaderElection, maxConcurrentTasks,
        requestsPerSecond,
        requestBurst, readSecrets, logLevel, logFormat, healthAddress, metricsAddress, metricsSecure,
        metricsCertificates,
        traceEndpoint, gracePeriod, observeLocal, automaticTasksPerMinute, agents, agentImage, agentHubServer,
        agentHubAuthority, agentHubProxy,
    ]

    /// Where the kubeconfig is: `--kubeconfig`.
    public static let kubeconfig = Setting(
        "kubeconfig",
        .path,
        otherwise: "`$KUBECONFIG`, `~/.kube/config`, or the pod's service account",
        help: "The kubeconfig file."
    )
    /// Which context of it to use: `--context`.
    public static let context = Setting(
        "context",
        .text,
        otherwise: "the kubeconfig's current context",
        help: "The context of the kubeconfig to use."
    )
    /// The operator's own namespace: `--namespace`.
    public static let namespace = Setting(
        "namespace",
        .name,
        otherwise: "`$POD_NAMESPACE`, then `aetherius-system`",
        help: "The operator's own namespace: its Lease is there, and objects in it speak for the whole installation."
    )
    /// The only namespaces to work for: `--watch-namespaces`.
    public static let watchNamespaces = Setting(
        "watch-namespaces",
        .names,
        otherwise: "the whole cluster",
        help: "Work only for these namespaces, and read nothing outside of them: no ClusterAgents, no nodes. "
            + "The cluster is called local then."
    )
    /// What tells this process from others: `--identity`.
    public static let identity = Setting(
        "identity",
        .text,
        otherwise: "the host's name and a random word",
        help: "What tells this process from other operators of the installation."
    )
    /// Whether to take part in the leader election: `--leader-election`.
    public static let leaderElection = Setting(
        "leader-election",
        .flag,
        default: "true",
        help: "Whether to take part in the leader election. Without it there must be one operator only."
    )
    /// How many tasks may run at the same time: `--max-concurrent-tasks`.
    public static let maxConcurrentTasks = Setting(
        "max-concurrent-tasks",
        .integer(1...1000),
        default: "50",
        help: "How many tasks may run at the same time."
    )
    /// How many requests there may be in a second: `--kube-api-qps`.
    public static let requestsPerSecond = Setting(
        "kube-api-qps",
        .number(0),
        default: "500",
        help: "How many requests to the API server there may be in a second; 0 for no limit."
    )
    /// How many requests there may be at once: `--kube-api-burst`.
    public static let requestBurst = Setting(
        "kube-api-burst",
        .integer(1...1_000_000),
        default: "1000",
        help: "How many requests there may be at once after a quiet time."
    )
    /// Whether Secrets with certificates may be read: `--read-secrets`.
    public static let readSecrets = Setting(
        "read-secrets",
        .flag,
        default: "false",
        help:
            "Whether to look at the dates and names of certificates, in the Secrets that Ingresses and Gateways name. "
            + "Without it no Secret is read."
    )
    /// The least important messages to log: `--log-level`.
    public static let logLevel = Setting.logLevel(of: "operator")
    /// How to write the log: `--log-format`.
    public static let logFormat = Setting.logFormat()
    /// Where probes are answered: `--health-probe-bind-address`.
    public static let healthAddress = Setting(
        "health-probe-bind-address",
        .address,
        default: ":8080",
        help: "Where /healthz and /readyz are served."
    )
    /// Where metrics are served: `--metrics-bind-address`.
    public static let metricsAddress = Setting(
        "metrics-bind-address",
        .address,
        default: ":9090",
        help: "Where /metrics is served."
    )
    /// Whether metrics are protected: `--metrics-secure`.
    public static let metricsSecure = Setting(
        "metrics-secure",
        .flag,
        default: "false",
        help: "Whether /metrics is served over TLS, and only to those who may get the non-resource URL /metrics."
    )
    /// Where the certificate for the metrics is: `--metrics-cert-dir`.
    public static let metricsCertificates = Setting(
        "metrics-cert-dir",
        .path,
        otherwise: "none; needed with `--metrics-secure`",
        help: "The directory with tls.crt and tls.key for /metrics. A new pair is used within ten seconds."
    )
    /// Where traces go: `--otlp-endpoint`.
    public static let traceEndpoint = Setting(
        "otlp-endpoint",
        .url,
        otherwise: "no traces",
        help: "Where traces go, as OTLP/HTTP in JSON. Without a path /v1/traces is added."
    )
    /// How long stopping may take: `--shutdown-grace-period`.
    public static let gracePeriod = Setting(
        "shutdown-grace-period",
        .integer(1...3600),
        default: "30",
        help: "How many seconds the operator may take to stop. "
            + "Tasks that do not end in time are taken up by the next operator."
    )
    /// Whether the operator watches its own cluster: `--observe-local`.
    public static let observeLocal = Setting(
        "observe-local",
        .flag,
        default: "true",
        help:
            "Whether the operator watches the cluster that it runs in, reports in the ClusterAgent for it, and so opens "
            + "tasks about what goes wrong there. Without it, tasks about that cluster are only answered."
    )
    /// How many tasks may be opened for incidents: `--automatic-tasks-per-minute`.
    public static let automaticTasksPerMinute = Setting(
        "automatic-tasks-per-minute",
        .integer(1...1000),
        default: "30",
        help: "How many tasks may be opened in a minute for incidents that agents report. Further ones wait, the worst "
            + "first; none is lost."
    )
    /// Whether there are agents of other clusters: `--agents`.
    public static let agents = Setting(
        "agents",
        .flag,
        default: "true",
        help: "Whether to look after agents of other clusters. Without it there is only the cluster that the operator "
            + "runs in, and none of the rights are needed that agents are given."
    )
    /// The image of agents: `--agent-image`.
    public static let agentImage = Setting(
        "agent-image",
        .text,
        otherwise: "none; then each ClusterAgent names one",
        help: "The image of agents whose ClusterAgent does not name one in spec.agent.image."
    )
    /// Where agents reach this cluster: `--agent-hub-server`.
    public static let agentHubServer = Setting(
        "agent-hub-server",
        .url,
        otherwise: "none; then each ClusterAgent with mode Remote names one",
        help: "The URL of this cluster's API server as Remote agents see it, where spec.connection.server is not set. "
            + "It begins with https://."
    )
    /// What agents check this cluster against: `--agent-hub-ca-file`.
    public static let agentHubAuthority = Setting(
        "agent-hub-ca-file",
        .path,
        otherwise: "the operator's own",
        help: "A file with the certificates that Remote agents trust for that server, where spec.connection.caBundle "
            + "is not set."
    )
    /// The proxy of agents: `--agent-hub-proxy-url`.
    public static let agentHubProxy = Setting(
        "agent-hub-proxy-url",
        .url,
        otherwise: "none",
        help: "The proxy through which Remote agents reach that server, where spec.connection.proxyURL is not set."
    )
}
