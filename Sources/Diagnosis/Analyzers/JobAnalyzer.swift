// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Job has failed: a symptom of what its pods did.
    public static let jobFailed = CauseClass(rawValue: "JobFailed")
    /// A Job took longer than it may.
    public static let jobDeadlineExceeded = CauseClass(rawValue: "JobDeadlineExceeded")
    /// The pods of a Job failed too often, and none is left that could say why.
    public static let jobBackoffLimitExceeded = CauseClass(rawValue: "JobBackoffLimitExceeded")
}

/// Jobs that have failed for good.
///
/// A Job that still tries, and one that somebody has put on hold, have not.
struct JobAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.workloads.compactMap { job in
            guard job.kind == "Job", job.metadata.deletionTimestamp == nil, !job.isSuspended,
                let failed = job.status.conditions["Failed"], failed.status == .true,
                !JobAttempts.isHistory(job, in: snapshot)
            else { return nil }
            let reference = job.reference
            let isLate = failed.reason == "DeadlineExceeded"
            let isUntold = failed.reason == "BackoffLimitExceeded" && Self.hasLostItsPods(job, in: snapshot)
            let limit = job.activeDeadlineSeconds.map { " of \($0) seconds" } ?? ""
            return Finding(
                causeClass: isLate ? .jobDeadlineExceeded : isUntold ? .jobBackoffLimitExceeded : .jobFailed,
                object: reference,
                owner: snapshot.owner(of: job.metadata, kind: job.kind, apiVersion: reference.apiVersion),
                severity: .medium,
                message: isLate
                    ? "the Job took longer than its deadline\(limit)"
                    : "the Job has failed: " + Self.explain(failed)
                        + (isUntold ? "; none of them is left to say why" : ""),
                // Why it took so long is another question, which a finding about its pods answers better.
                confidence: isLate ? 0.7 : isUntold ? 0.6 : 0.9,
                isCause: isLate || isUntold,
                evidence: [
                    .field("status.conditions[Failed]", of: reference, "\(failed.reason): \(failed.message)")
                ]
            )
        }
    }

    private static func hasLostItsPods(_ job: Workload, in snapshot: Snapshot) -> Bool {
        snapshot.knowsPods(in: job.metadata.namespace ?? "")
            && snapshot.pods(controlledBy: job.metadata.uid ?? "").isEmpty
    }

    private static func explain(_ failed: Condition) -> String {
        switch failed.reason {
        case "BackoffLimitExceeded": "its pods failed more often than its backoffLimit allows"
        case "PodFailurePolicy": "a pod failed in a way that its podFailurePolicy does not retry"
        default: StableText.of(failed.message.isEmpty ? failed.reason : failed.message)
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        if cause.causeClass == .jobBackoffLimitExceeded {
            return [
                Recommendation(
                    title: "Let the next failure be kept",
                    description: "With restartPolicy Never a failed pod stays and keeps its log; with OnFailure it is "
                        + "deleted when the Job gives up. Run the Job again that way, or look where logs are collected.",
                    command: "kubectl -n \(cause.object.namespace) describe "
                        + "\(cause.object.kind.lowercased()) \(cause.object.name)",
                    risk: .none
                )
            ]
        }
        guard cause.causeClass == .jobDeadlineExceeded else { return [] }
        return [
            Recommendation(
                title: "Allow more time, or find out what takes it",
                description:
                    "The pods are deleted at the deadline; their logs are lost unless something collects them.",
                command: "kubectl -n \(cause.object.namespace) describe job \(cause.object.name)",
                risk: .none
            )
        ]
    }
}
