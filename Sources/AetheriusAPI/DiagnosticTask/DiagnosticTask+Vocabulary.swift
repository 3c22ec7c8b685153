// SPDX-License-Identifier: Apache-2.0

extension DiagnosticTask {
    /// What looks for the answer.
    ///
    /// The rules step in whenever another one cannot.
    public struct Strategy: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// The first of Knowledge, LLM, Rules that is able to.
        ///
        /// Never the strategy of a diagnosis that was made.
        public static let auto = Self(rawValue: "Auto")
        /// The KnowledgeEntries.
        public static let knowledge = Self(rawValue: "Knowledge")
        /// The built-in analyzers.
        public static let rules = Self(rawValue: "Rules")
        /// A language model, on top of both.
        public static let llm = Self(rawValue: "LLM")

        public static let known: [Strategy] = [.auto, .knowledge, .rules, .llm]
    }

    /// What to do with the answer.
    public struct Remediation: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// `None`: only the diagnosis.
        public static let nothing = Self(rawValue: "None")
        /// Recommendations in the status.
        public static let suggest = Self(rawValue: "Suggest")
        /// Recommendations and an ExecutionPlan, which waits for its approval.
        public static let plan = Self(rawValue: "Plan")

        public static let known: [Remediation] = [.nothing, .suggest, .plan]
    }

    /// How far the task is.
    public struct Phase: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// Seen, but not accepted yet.
        public static let pending = Self(rawValue: "Pending")
        /// Waiting for its turn or its agent.
        public static let scheduled = Self(rawValue: "Scheduled")
        /// An agent gathers, or the answer is being looked for.
        public static let running = Self(rawValue: "Running")
        /// Ended as it should, with an answer or without one.
        public static let completed = Self(rawValue: "Completed")
        /// Ended because every attempt failed.
        public static let failed = Self(rawValue: "Failed")
        /// Ended because its time was up.
        public static let timedOut = Self(rawValue: "TimedOut")
        /// Ended because somebody said so.
        public static let cancelled = Self(rawValue: "Cancelled")

        public static let known: [Phase] = [
            .pending, .scheduled, .running, .completed, .failed, .timedOut, .cancelled,
        ]

        /// Whether nothing more happens to the task unless it is run again.
        ///
        /// False for a word that is not known.
        public var isTerminal: Bool {
            switch self {
            case .completed, .failed, .timedOut, .cancelled: true
            default: false
            }
        }
    }

    /// What may break by following a recommendation.
    public struct Risk: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// `None`: it only reads.
        public static let nothing = Self(rawValue: "None")
        /// Little, and it comes back by itself.
        public static let low = Self(rawValue: "Low")
        /// A workload for a while.
        public static let medium = Self(rawValue: "Medium")
        /// Data, or more than one workload.
        public static let high = Self(rawValue: "High")

        public static let known: [Risk] = [.nothing, .low, .medium, .high]
    }
}
