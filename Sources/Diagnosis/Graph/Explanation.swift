// SPDX-License-Identifier: Apache-2.0

/// That one finding is the consequence of another one.
public struct Explanation: Sendable, Hashable {
    /// The number of the finding that explains.
    public var cause: Int
    /// The number of the finding that is explained.
    public var effect: Int
    /// How the object in trouble depends on that at fault, as the rest of a sentence: `calls Service/shop/db, which is
    /// served by Deployment/shop/db`.
    public var path: String

    /// Creates an explanation.
    public init(cause: Int, effect: Int, path: String = "") {
        self.cause = cause
        self.effect = effect
        self.path = path
    }
}

/// What is wrong in a snapshot, and what of it follows from what.
public struct Assessment: Sendable, Hashable {
    /// What the analyzers found.
    public var findings: [Finding]
    /// Which of the findings explain which others, beyond those of the same workload.
    public var explanations: [Explanation]

    /// Puts together what is known already.
    public init(findings: [Finding], explanations: [Explanation] = []) {
        self.findings = findings
        self.explanations = explanations
    }

    /// Looks at a snapshot with all analyzers.
    public init(of snapshot: Snapshot) {
        let findings = Analyzers.findings(in: snapshot)
        self.init(findings: findings, explanations: EvidenceGraph.explanations(of: findings, in: snapshot))
    }

    /// Looks at a snapshot with all analyzers, on as many processors as there are.
    ///
    /// What comes out is the same as without them, in the same order.
    public static func inParallel(of snapshot: Snapshot) async -> Assessment {
        let findings = await Analyzers.findingsInParallel(in: snapshot)
        return Assessment(findings: findings, explanations: EvidenceGraph.explanations(of: findings, in: snapshot))
    }
}
