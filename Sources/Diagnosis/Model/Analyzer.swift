// SPDX-License-Identifier: Apache-2.0

/// Finds one family of faults.
///
/// An analyzer is pure: it looks at a snapshot and nothing else. To add one: a file in `Analyzers`, a line in
/// ``Analyzers/all``, a test, and a line in `docs/analyzers.md`.
///
/// The rule that matters most: the present state decides. An event or an earlier termination tells of the past; it
/// counts only if the object still shows the trouble.
public protocol Analyzer: Sendable {
    /// What is wrong in the snapshot, as far as this analyzer can tell.
    func findings(in snapshot: Snapshot) -> [Finding]

    /// What a person could do about a cause; empty for causes that another analyzer finds.
    func recommendations(for cause: Cause) -> [Recommendation]
}

extension Analyzer {
    public func recommendations(for cause: Cause) -> [Recommendation] { [] }
}

/// Something that a person could do.
public struct Recommendation: Sendable, Hashable {
    /// How much can go wrong with it.
    public enum Risk: String, Sendable, Hashable {
        /// It only looks.
        case none = "None"
        /// It changes something that is easy to take back.
        case low = "Low"
        /// It interrupts something.
        case medium = "Medium"
        /// It can lose something.
        case high = "High"
    }

    /// What to do, in a few words.
    public var title: String
    /// Why, and what to expect.
    public var description: String
    /// A command that does it or shows more.
    public var command: String?
    /// How much can go wrong with it.
    public var risk: Risk

    /// Creates a recommendation.
    public init(title: String, description: String, command: String? = nil, risk: Risk) {
        self.title = title
        self.description = description
        self.command = command
        self.risk = risk
    }
}

/// The analyzers.
public enum Analyzers {
    /// All of them.
    ///
    /// Their order does not matter.
    public static let all: [any Analyzer] = [
        CrashAnalyzer(),
        ImagePullAnalyzer(),
        OutOfMemoryAnalyzer(),
        SubjectAnalyzer(),
        WorkloadAvailabilityAnalyzer(),
    ]

    /// What is wrong in a snapshot.
    public static func findings(in snapshot: Snapshot) -> [Finding] {
        all.flatMap { $0.findings(in: snapshot) }
    }

    /// What a person could do about a cause.
    public static func recommendations(for cause: Cause) -> [Recommendation] {
        all.flatMap { $0.recommendations(for: cause) }
    }
}
