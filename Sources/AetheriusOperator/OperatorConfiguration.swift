// SPDX-License-Identifier: Apache-2.0

/// How the operator works.
public struct OperatorConfiguration: Sendable, Hashable {
    /// The operator's own namespace: its lease is there, and objects in it speak for the whole installation.
    public var namespace: String
    /// What tells this process from every other one that may work for the same installation.
    public var identity: String
    /// How many tasks may run at the same time.
    ///
    /// Critical ones about the system namespaces are admitted above it, up to ten.
    public var maxConcurrentTasks: Int
    /// Whether to take part in leader election; without it there must be no second operator.
    public var electsLeader: Bool
    /// How long running tasks may take to finish once the process is asked to stop.
    public var gracePeriod: Duration

    /// Creates a configuration.
    public init(
        namespace: String,
        identity: String,
        maxConcurrentTasks: Int = 50,
        electsLeader: Bool = true,
        gracePeriod: Duration = .seconds(25)
    ) {
        self.namespace = namespace
        self.identity = identity
        self.maxConcurrentTasks = maxConcurrentTasks
        self.electsLeader = electsLeader
        self.gracePeriod = gracePeriod
    }
}
