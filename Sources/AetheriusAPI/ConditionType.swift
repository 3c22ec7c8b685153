// SPDX-License-Identifier: Apache-2.0

/// Names of conditions.
public enum ConditionType {
    /// The object is what it should be: a task did what it was asked, an agent is online, an entry is indexed.
    public static let ready = "Ready"
    /// The operator is still on its way to what the spec says.
    public static let reconciling = "Reconciling"
    /// The operator cannot get any further without somebody changing something.
    public static let stalled = "Stalled"
    /// A task or plan has ended as it should, as a Job's `Complete`.
    public static let complete = "Complete"
    /// A task or plan has ended otherwise, as a Job's `Failed`.
    public static let failed = "Failed"

    /// ClusterAgent: somebody admitted the agent.
    public static let accepted = "Accepted"
    /// ClusterAgent: the agent's Deployment is there, or the agent needs none.
    public static let deployed = "Deployed"
    /// ClusterAgent: the agent has registered.
    public static let registered = "Registered"
    /// ClusterAgent: the agent's heartbeat is fresh.
    public static let online = "Online"
    /// ClusterAgent: the observed cluster's API server answers the agent.
    public static let targetReachable = "TargetReachable"
    /// ClusterAgent: everything the agent is to look at can be read.
    public static let collectionHealthy = "CollectionHealthy"
    /// ClusterAgent: the agent's credentials are valid and not about to expire.
    public static let credentialsValid = "CredentialsValid"
}
