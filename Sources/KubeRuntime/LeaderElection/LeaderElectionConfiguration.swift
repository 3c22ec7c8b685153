// SPDX-License-Identifier: Apache-2.0
public import KubeClient

/// Who takes part in a leader election, and how fast.
///
/// A leader that cannot renew its lease gives up after ``renewDeadline``, and others take over after ``leaseDuration``:
/// the difference is the margin in which nobody leads, and must be more than clocks can drift in that time.
public struct LeaderElectionConfiguration: Sendable, Hashable {
    /// Names this process among the candidates; two of the same name would both believe to lead.
    ///
    /// A pod's name does.
    public var identity: String
    /// For how long the lease holds after a renewal; whole seconds.
    public var leaseDuration: Duration
    /// For how long a leader tries to renew before it gives up.
    public var renewDeadline: Duration
    /// How often the leader renews, and how often the others look (those with jitter).
    public var retryPeriod: Duration
    /// Whether a clean stop frees the lease, so that another process can take over at once.
    public var releasesOnStop: Bool

    /// Creates a configuration; the default identity is one that no other process has.
    public init(
        identity: String = LeaderElectionConfiguration.makeIdentity(),
        leaseDuration: Duration = .seconds(10),
        renewDeadline: Duration = .seconds(7),
        retryPeriod: Duration = .seconds(2),
        releasesOnStop: Bool = true
    ) {
        self.identity = identity
        self.leaseDuration = leaseDuration
        self.renewDeadline = renewDeadline
        self.retryPeriod = retryPeriod
        self.releasesOnStop = releasesOnStop
    }

    /// Checks that the durations leave no time in which two processes could lead.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/configuration`` and a message that says what is wrong.
    public func validate() throws(KubeError) {
        func require(_ condition: Bool, _ message: String) throws(KubeError) {
            if !condition { throw KubeError(code: .configuration, message: "leader election: \(message)") }
        }
        try require(!identity.isEmpty, "the identity is empty")
        try require(retryPeriod > .zero, "the retry period is not positive")
        try require(leaseDuration >= .seconds(1), "the lease duration is under a second")
        try require(
            leaseDuration.components.attoseconds == 0,
            "the lease duration is not a whole number of seconds, which is all that a Lease can say"
        )
        try require(leaseDuration > renewDeadline, "the lease duration is not longer than the renew deadline")
        try require(
            renewDeadline > retryPeriod * LeaderElectionStateMachine.jitter,
            "the renew deadline is not longer than \(LeaderElectionStateMachine.jitter) retry periods"
        )
    }

    /// How long one request may take, so that one which hangs leaves time for another.
    var requestTimeout: Duration { max(.seconds(1), renewDeadline / 2) }
}
