// SPDX-License-Identifier: Apache-2.0

/// Names of the objects by which the operator's cluster (the hub) and the agents of observed clusters meet.
///
/// All of them are for one ClusterAgent, whose name is at most ``ClusterAgent/maximumNameLength`` characters, so that
/// each fits into the 63 of a DNS label.
public enum AgentNames {
    /// The namespace on the hub for the ServiceAccounts of all agents, and for the Deployments of Hosted ones.
    ///
    /// One namespace, so that one group (`system:serviceaccounts:aetherius-agents`) names the whole fleet.
    public static let namespace = "aetherius-agents"
    /// What the name of every mailbox begins with.
    public static let mailboxPrefix = "aetherius-agent-"
    /// Value of ``LabelKey/component`` on the Leases by which agents say that they live.
    public static let heartbeatComponent = "agent-heartbeat"
    /// Value of ``LabelKey/component`` on everything else that is made for an agent.
    public static let agentComponent = "agent"
    /// Role and RoleBinding in a mailbox.
    public static let mailboxRole = "aetherius-agent"
    /// Key of the manifest in the Secret that ``install(_:)`` names.
    public static let manifestKey = "manifest.yaml"
    /// Key of a token in the Secrets that hold one.
    public static let tokenKey = "token"

    /// The namespace on the hub that belongs to an agent: its Lease, and copies of what it is to work on.
    public static func mailbox(_ cluster: String) -> String { mailboxPrefix + cluster }
    /// The ServiceAccount of an agent in ``namespace``.
    public static func serviceAccount(_ cluster: String) -> String { cluster }
    /// The Lease of an agent in its mailbox.
    public static func lease(_ cluster: String) -> String { cluster }
    /// ClusterRole and ClusterRoleBinding of an agent, and its Role and RoleBinding in ``namespace``.
    public static func role(_ cluster: String) -> String { "aetherius-agent:\(cluster)" }
    /// The Secret in ``namespace`` to which an agent's first token is bound.
    public static func bootstrap(_ cluster: String) -> String { cluster + "-bootstrap" }
    /// The Secret in ``namespace`` with what is to be applied in the observed cluster.
    public static func install(_ cluster: String) -> String { cluster + "-install" }
    /// The Deployment of an agent that runs on the hub, in ``namespace``.
    public static func deployment(_ cluster: String) -> String { "aetherius-agent-" + cluster }

    /// The name of the agent whose mailbox a namespace is; nil for every other namespace.
    public static func cluster(ofMailbox namespace: String) -> String? {
        guard namespace.hasPrefix(mailboxPrefix), namespace.count > mailboxPrefix.count else { return nil }
        return String(namespace.dropFirst(mailboxPrefix.count))
    }

    /// Names in an observed cluster that an agent runs in itself (mode Remote).
    public enum Remote {
        /// The namespace of everything else here.
        public static let namespace = "aetherius-system"
        /// ServiceAccount, Deployment, ClusterRole, ClusterRoleBinding, Role and RoleBinding.
        public static let agent = "aetherius-agent"
        /// The Secret with the token by which an agent registers, under ``AgentNames/tokenKey``.
        public static let bootstrap = "aetherius-agent-bootstrap"
        /// The Secret in which an agent keeps its own token, and the ConfigMap that says where the hub is.
        public static let hub = "aetherius-agent-hub"
    }

    /// Keys of the ConfigMap ``Remote/hub``.
    public enum HubKey {
        /// URL of the hub's API server.
        public static let server = "server"
        /// Certificates that the hub's API server is checked against, as PEM; left out for those of the system.
        public static let certificateAuthority = "ca.crt"
        /// URL of the proxy to the hub; left out for none.
        public static let proxyURL = "proxyURL"
        /// Name of the ClusterAgent.
        public static let cluster = "cluster"
        /// UID of the hub's kube-system namespace; left out where it is not known.
        public static let hubUID = "clusterUID"
    }
}

/// What copies of tasks and plans in a mailbox say about what they were made from.
public enum CopyKey {
    /// Label: the UID of the source.
    public static let sourceUID = "aetherius.io/source-uid"
    /// Annotation: the namespace of the source.
    public static let sourceNamespace = "aetherius.io/source-namespace"
    /// Annotation: the name of the source.
    public static let sourceName = "aetherius.io/source-name"
    /// Annotation: `false` if the source lies in the operator's own namespace, and so may see all of the cluster.
    ///
    /// Any other one sees nothing beyond the namespace that it asks about.
    public static let confined = "aetherius.io/confined"
}
