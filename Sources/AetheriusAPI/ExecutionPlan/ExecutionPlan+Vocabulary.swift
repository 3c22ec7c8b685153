// SPDX-License-Identifier: Apache-2.0

extension ExecutionPlan {
    /// Whether a plan may change anything.
    public struct Mode: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// Only actions that read; no approval is needed.
        public static let readOnly = Self(rawValue: "ReadOnly")
        /// Actions that change something too, after approval.
        public static let mutating = Self(rawValue: "Mutating")

        public static let known: [Mode] = [.readOnly, .mutating]
    }

    /// What happens if a step fails.
    public struct FailurePolicy: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// The plan ends as failed.
        public static let stop = Self(rawValue: "Stop")
        /// The next step is run.
        public static let `continue` = Self(rawValue: "Continue")

        public static let known: [FailurePolicy] = [.stop, .continue]
    }

    /// How far a plan is.
    public struct Phase: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// Seen, but not checked yet.
        public static let pending = Self(rawValue: "Pending")
        /// Waiting for somebody's decision.
        public static let awaitingApproval = Self(rawValue: "AwaitingApproval")
        /// Free to run, waiting for its agent.
        public static let approved = Self(rawValue: "Approved")
        /// An agent has it.
        public static let claimed = Self(rawValue: "Claimed")
        /// A step has begun.
        public static let running = Self(rawValue: "Running")
        /// Ended with every step done.
        public static let succeeded = Self(rawValue: "Succeeded")
        /// Ended because of a step or a layer of safety.
        public static let failed = Self(rawValue: "Failed")
        /// Ended because it was not begun in time.
        public static let expired = Self(rawValue: "Expired")
        /// Ended because somebody said so.
        public static let cancelled = Self(rawValue: "Cancelled")
        /// Ended because somebody decided against it.
        public static let rejected = Self(rawValue: "Rejected")
        /// Ended: a step was begun and nobody can tell whether it happened; it is not repeated.
        public static let unknown = Self(rawValue: "Unknown")

        public static let known: [Phase] = [
            .pending, .awaitingApproval, .approved, .claimed, .running, .succeeded, .failed, .expired, .cancelled,
            .rejected, .unknown,
        ]

        /// Whether nothing more happens to the plan.
        ///
        /// False for a word that is not known.
        public var isTerminal: Bool {
            switch self {
            case .succeeded, .failed, .expired, .cancelled, .rejected, .unknown: true
            default: false
            }
        }
    }

    /// How far a step is.
    public struct StepPhase: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// Not begun.
        public static let pending = Self(rawValue: "Pending")
        /// Begun; written before the step acts.
        public static let started = Self(rawValue: "Started")
        /// Done.
        public static let succeeded = Self(rawValue: "Succeeded")
        /// Not done.
        public static let failed = Self(rawValue: "Failed")
        /// Given up when its time was over.
        public static let timedOut = Self(rawValue: "TimedOut")
        /// Left out, because the plan ended before it.
        public static let skipped = Self(rawValue: "Skipped")
        /// Begun, and nobody can tell whether it happened.
        public static let unknown = Self(rawValue: "Unknown")

        public static let known: [StepPhase] = [
            .pending, .started, .succeeded, .failed, .timedOut, .skipped, .unknown,
        ]

        /// Whether nothing more happens to the step.
        ///
        /// False for a word that is not known.
        public var isTerminal: Bool {
            switch self {
            case .succeeded, .failed, .timedOut, .skipped, .unknown: true
            default: false
            }
        }
    }
}
