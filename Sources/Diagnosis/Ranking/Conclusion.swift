// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// The answer to a question about a cluster.
public struct Conclusion: Sendable, Hashable {
    /// Why the search for a cause ended.
    public enum TerminationReason: String, Sendable, Hashable {
        /// A cause is as good as certain (at least 0.85).
        case confident = "Confident"
        /// A cause is more likely than not, and there is nothing more to look at.
        case likely = "Likely"
        /// Something is wrong, but no cause is likely enough to be named.
        case inconclusive = "Inconclusive"
        /// Nothing fails; there may be words for the reader, of severity ``Severity/low``.
        case healthy = "Healthy"
        /// There is no such object.
        case targetNotFound = "TargetNotFound"
        /// What matters could not be read.
        case couldNotLook = "CouldNotLook"
    }

    /// The confidence below which no cause is named.
    public static let namingThreshold = 0.5
    /// The confidence at which nothing more is looked for.
    public static let certaintyThreshold = 0.85
    /// The most causes that are kept.
    public static let maximumCandidates = 10

    /// The answer in one or two sentences.
    public var summary: String
    /// The cause, if one is likely enough.
    public var rootCause: Cause?
    /// All causes, best first, the root cause among them.
    public var candidates: [Cause]
    /// What a person could do.
    public var recommendations: [Recommendation]
    /// Why the search ended.
    public var terminationReason: TerminationReason

    /// Draws the conclusion from what was found.
    /// - Parameters:
    ///   - subject: what the question is about; nil for a whole namespace or cluster.
    ///   - namespace: the namespace that was looked at; nil for all of them.
    ///   - findings: what the analyzers found.
    ///   - explanations: what of it follows from what; see ``Assessment``.
    ///   - unreadable: what could not be read.
    ///   - maximumCandidates: the most causes that are kept.
    public init(
        subject: ObjectReference?,
        namespace: String? = nil,
        findings: [Finding],
        explanations: [Explanation] = [],
        unreadable: [Unreadable],
        maximumCandidates: Int = Conclusion.maximumCandidates
    ) {
        let ranked = CausalRanking.rank(Assessment(findings: findings, explanations: explanations))
        let candidates = Self.kept(ranked, maximumCandidates)
        let best = candidates.first.flatMap { $0.canBeNamed ? $0 : nil }
        self.candidates = candidates
        self.rootCause = best
        recommendations = best.map(Analyzers.recommendations) ?? []
        let name = subject?.description ?? namespace.map { "namespace \($0)" } ?? "the cluster"
        let gaps = unreadable.isEmpty ? "" : " Could not look at \(Self.list(unreadable.map(\.what)))."

        if let best {
            terminationReason = best.confidence >= Self.certaintyThreshold ? .confident : .likely
            let others = candidates.count - 1
            let followers = candidates.count { !$0.follows.isEmpty }
            summary =
                "\(best.object): \(best.message)."
                + (best.objects.count > 1 ? " \(best.objects.count) objects show it." : "")
                + (others > 0
                    ? " \(others) other \(others == 1 ? "cause" : "causes") found\(Self.consequences(followers))." : "")
                + gaps
        } else if findings.contains(where: { $0.causeClass == .targetNotFound }) {
            terminationReason = .targetNotFound
            summary = "\(name) does not exist." + gaps
        } else if findings.contains(where: { $0.severity > .low }) {
            terminationReason = .inconclusive
            let symptoms = findings.filter { $0.severity > .low }
            summary = "Something is wrong, but the cause is not known. \(Self.messages(of: symptoms))." + gaps
        } else if !unreadable.isEmpty {
            terminationReason = .couldNotLook
            summary = "Nothing wrong was seen, but not everything could be looked at." + gaps
        } else {
            terminationReason = .healthy
            summary =
                findings.isEmpty
                ? "Nothing is wrong with \(name)."
                : "Nothing fails in \(name). Worth a look: \(Self.messages(of: findings))."
        }
    }

    private static func kept(_ causes: [Cause], _ maximum: Int) -> [Cause] {
        causes.prefix(maximum).map { cause in
            var cause = cause
            cause.follows.removeAll { $0 >= maximum }
            return cause
        }
    }

    private static func consequences(_ count: Int) -> String {
        count == 0 ? "" : ", \(count) of them as a consequence"
    }

    private static func messages(of findings: [Finding]) -> String {
        findings.prefix(3).map { "\($0.object): \($0.message)" }.joined(separator: "; ")
    }

    private static func list(_ items: [String]) -> String {
        items.count <= 3
            ? items.joined(separator: ", ")
            : items.prefix(3).joined(separator: ", ") + " and \(items.count - 3) more"
    }
}
