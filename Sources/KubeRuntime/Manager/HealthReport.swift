// SPDX-License-Identifier: Apache-2.0

/// What is in order and what is not, for a probe to answer with.
///
/// An endpoint answers 200 if ``isPassing``, else 503, and may show each of ``checks``: none holds a secret.
public struct HealthReport: Sendable, Hashable {
    /// One of the things that were looked at.
    public struct Check: Sendable, Hashable {
        /// What was looked at, such as `leader-election`.
        public var name: String
        /// What is wrong, for people; nil if nothing is.
        public var problem: String?
        /// How long looking took.
        public var duration: Duration

        /// Creates a check.
        public init(name: String, problem: String? = nil, duration: Duration = .zero) {
            self.name = name
            self.problem = problem
            self.duration = duration
        }

        /// Looks at something, and at how long that takes.
        init(_ name: String, _ findProblem: () -> String?) {
            let start = ContinuousClock.now
            let problem = findProblem()
            self.init(name: name, problem: problem, duration: start.duration(to: .now))
        }
    }

    /// Everything that was looked at.
    public var checks: [Check]

    /// Creates a report.
    public init(checks: [Check]) { self.checks = checks }

    /// Whether nothing is wrong.
    public var isPassing: Bool { checks.allSatisfy { $0.problem == nil } }

    /// Those that are not in order.
    public var failing: [Check] { checks.filter { $0.problem != nil } }
}
