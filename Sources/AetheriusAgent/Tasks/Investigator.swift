// SPDX-License-Identifier: Apache-2.0
public import AetheriusAPI
import Diagnosis
public import Evidence
import KubeAPI

/// Looks at one cluster for a DiagnosticTask: gathers evidence and runs the analyzers beside it.
///
/// What comes out is all that leaves the cluster; deciding on a cause is left to the operator.
public struct Investigator: Sendable {
    private let source: any EvidenceSource

    /// Creates an investigator.
    public init(source: any EvidenceSource) { self.source = source }

    /// Answers what is wrong in a part of the cluster, with the evidence for it.
    /// - Parameter claim: who does it, and for which attempt.
    /// - Throws: `EvidenceError` if nothing could be looked at.
    public func investigate(
        _ scope: EvidenceScope,
        claim: Claim
    ) async throws(EvidenceError) -> DiagnosticTask.AgentReport {
        let snapshot = try await source.snapshot(of: scope)
        var report = DiagnosticTask.AgentReport(Assessment(of: snapshot), in: snapshot)
        report.claim = claim
        return report
    }
}
