// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Which agent a process is.
public struct AgentIdentity: Sendable, Hashable {
    /// Name of its ClusterAgent: the cluster's id.
    public var cluster: String
    /// What tells this run of the agent from every other one; at most 128 characters.
    ///
    /// It holds the heartbeat's Lease and the claims of tasks.
    public var instanceID: String
    /// The program's version.
    public var version: String
    /// When the process started.
    public var startedAt: Timestamp
    /// Whether it works on the DiagnosticTasks in its mailbox.
    public var takesTasks: Bool

    /// Names an agent.
    public init(
        cluster: String,
        instanceID: String,
        version: String,
        startedAt: Timestamp = .now,
        takesTasks: Bool = true
    ) {
        self.cluster = cluster
        self.instanceID = instanceID
        self.version = version
        self.startedAt = startedAt.wholeSeconds
        self.takesTasks = takesTasks
    }
}
