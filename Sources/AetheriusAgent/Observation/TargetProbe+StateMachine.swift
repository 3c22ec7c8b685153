// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime

extension TargetProbe {
    /// Decides whether the observed cluster's API server counts as reachable.
    ///
    /// Pure: it has no clock. A failure has to last for ``patience``, so that a restart of one API server is none.
    struct StateMachine: Sendable {
        /// How long every probe has to fail.
        static let patience = Duration.seconds(20)
        /// The time between two probes while all is well.
        static let interval = Duration.seconds(10)
        /// The time between two probes after one that failed.
        static let shortInterval = Duration.seconds(5)

        private var failingSince: AnyClock.Instant?

        /// What is known; the status is Unknown before the first probe, and while it is not clear what to say.
        private(set) var condition = Condition(
            type: ConditionType.targetReachable,
            status: .unknown,
            reason: "NotProbed",
            message: "the cluster's API server has not been asked yet"
        )

        /// A probe was answered.
        /// - Returns: when to probe again.
        mutating func succeeded() -> Duration {
            failingSince = nil
            condition.status = .true
            condition.reason = "Reachable"
            condition.message = "the cluster's API server answers"
            return Self.interval
        }

        /// A probe was not answered as it should be.
        /// - Returns: when to probe again.
        mutating func failed(_ reason: String, _ message: String, at now: AnyClock.Instant) -> Duration {
            let since = failingSince ?? now
            failingSince = since
            if since.duration(to: now) >= Self.patience {
                condition.status = .false
                condition.reason = reason
                condition.message = message.bounded(toUTF8: 1024)
            }
            return Self.shortInterval
        }
    }
}
