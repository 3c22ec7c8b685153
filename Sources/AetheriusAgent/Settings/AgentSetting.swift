// SPDX-License-Identifier: Apache-2.0
public import Observability

/// Everything that can be set about an agent's process.
///
/// What an agent observes and reports is set at the hub, in its ClusterAgent.
public enum AgentSetting {
    /// All settings, in the order in which they are documented.
    public static let all = [
        cluster, hubServer, hubAuthority, hubProxy, hubKubeconfig, hubTokenFile, hubCredentials, bootstrapTokenFile,
        targetKubeconfig, namespace, deployment, identity, maxConcurrentTasks, requestsPerSecond, logLevel, logFormat,
        listen, metricsListen, gracePeriod,
    ]

    private static let scope = "AGENT_"

    /// Name of the ClusterAgent: `--cluster`.
    public static let cluster = Setting(
        "cluster",
        .name,
        otherwise: "none; it has to be set",
        variableScope: scope,
        help: "The name of the ClusterAgent at the hub: the id of the cluster that is observed."
    )
    /// Where the hub is: `--hub-server`.
    public static let hubServer = Setting(
        "hub-server",
        .url,
        otherwise: "the cluster of `--hub-kubeconfig`, else the one that the agent's pod runs in",
        variableScope: scope,
        help: "The URL of the hub's API server."
    )
    /// The hub's authority: `--hub-ca-file`.
    public static let hubAuthority = Setting(
        "hub-ca-file",
        .path,
        otherwise: "the system's authorities",
        variableScope: scope,
        help: "The certificates that the hub's API server is checked against, with `--hub-server`. "
            + "A new file is used at once."
    )
    /// The proxy to the hub: `--hub-proxy-url`.
    public static let hubProxy = Setting(
        "hub-proxy-url",
        .text,
        otherwise: "the environment's (`HTTPS_PROXY`, `NO_PROXY`)",
        variableScope: scope,
        help: "The proxy to the hub, with `--hub-server`: http://, https:// or socks5://."
    )
    /// A kubeconfig for the hub: `--hub-kubeconfig`.
    public static let hubKubeconfig = Setting(
        "hub-kubeconfig",
        .path,
        otherwise: "none",
        variableScope: scope,
        help: "A kubeconfig for the hub, of which the current context counts; instead of `--hub-server`."
    )
    /// A token for the hub: `--hub-token-file`.
    public static let hubTokenFile = Setting(
        "hub-token-file",
        .path,
        otherwise: "none",
        variableScope: scope,
        help: "The file with a token for the hub that somebody else renews, with `--hub-server`. It is read anew for "
            + "each request."
    )
    /// Where the agent keeps its own token: `--hub-credentials-secret`.
    public static let hubCredentials = Setting(
        "hub-credentials-secret",
        .text,
        otherwise: "none",
        variableScope: scope,
        help: "The Secret in the agent's namespace of the observed cluster in which the agent keeps a token of its "
            + "own for the hub, which it renews itself; with `--hub-server`."
    )
    /// The token to register with: `--bootstrap-token-file`.
    public static let bootstrapTokenFile = Setting(
        "bootstrap-token-file",
        .path,
        otherwise: "none",
        variableScope: scope,
        help: "The file with the token by which the agent gets the first token of its own. It need not be there later."
    )
    /// How to reach the observed cluster: `--target-kubeconfig`.
    public static let targetKubeconfig = Setting(
        "target-kubeconfig",
        .path,
        otherwise: "the cluster that the agent's pod runs in",
        variableScope: scope,
        help: "A kubeconfig for the cluster to observe. A new file is used without a restart. One that would run a "
            + "program, read other files or trust any server is refused."
    )
    /// The agent's own namespace: `--namespace`.
    public static let namespace = Setting(
        "namespace",
        .name,
        otherwise: "`$POD_NAMESPACE`, then `aetherius-system`",
        variableScope: scope,
        help: "The agent's own namespace in the observed cluster."
    )
    /// The agent's own Deployment: `--deployment`.
    public static let deployment = Setting(
        "deployment",
        .text,
        otherwise: "none, which is then left as it is",
        variableScope: scope,
        help: "The agent's own Deployment in the observed cluster, which it keeps in step with spec.agent of the "
            + "ClusterAgent."
    )
    /// What tells this process from others: `--identity`.
    public static let identity = Setting(
        "identity",
        .text,
        otherwise: "`$POD_NAME` or the host's name, and a random word",
        variableScope: scope,
        help: "What tells this run of the agent from every other one."
    )
    /// How many tasks may run at the same time: `--max-concurrent-tasks`.
    public static let maxConcurrentTasks = Setting(
        "max-concurrent-tasks",
        .integer(1...100),
        default: "2",
        variableScope: scope,
        help: "How many DiagnosticTasks may be worked on at the same time."
    )
    /// How many requests to the observed cluster there may be in a second: `--kube-api-qps`.
    public static let requestsPerSecond = Setting(
        "kube-api-qps",
        .number(0),
        default: "50",
        variableScope: scope,
        help: "How many requests to the observed cluster's API server there may be in a second; 0 for no limit."
    )
    /// The least important messages to log: `--log-level`.
    public static let logLevel = Setting.logLevel(of: "agent", variableScope: scope)
    /// How to write the log: `--log-format`.
    public static let logFormat = Setting.logFormat(variableScope: scope)
    /// Where probes are answered: `--listen`.
    public static let listen = Setting(
        "listen",
        .address,
        default: ":8080",
        variableScope: scope,
        help: "Where /healthz and /readyz are served."
    )
    /// Where metrics are served: `--metrics-listen`.
    public static let metricsListen = Setting(
        "metrics-listen",
        .address,
        default: ":9090",
        variableScope: scope,
        help: "Where /metrics is served."
    )
    /// How long stopping may take: `--shutdown-grace-period`.
    public static let gracePeriod = Setting(
        "shutdown-grace-period",
        .integer(1...3600),
        default: "20",
        variableScope: scope,
        help: "How many seconds the agent may take to stop. Tasks that do not end in time are taken up by the next one."
    )
}
