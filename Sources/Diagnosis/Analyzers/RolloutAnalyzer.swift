// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Deployment does not get its new pods ready in time: a symptom of what keeps them from it.
    public static let rolloutStuck = CauseClass(rawValue: "RolloutStuck")
}

/// Deployments whose rollout does not go on, even if the old pods still serve.
struct RolloutAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.workloads.compactMap { workload in
            guard workload.kind == "Deployment", workload.metadata.deletionTimestamp == nil,
                let progressing = workload.status.conditions["Progressing"], progressing.status == .false,
                // What was observed of an earlier spec says nothing about this one.
                workload.status.observedGeneration ?? 0 >= workload.metadata.generation ?? 0
            else { return nil }
            let isLate = progressing.reason == "ProgressDeadlineExceeded"
            return Finding(
                causeClass: .rolloutStuck,
                object: workload.reference,
                owner: workload.reference,
                severity: .high,
                message: isLate
                    ? "the rollout makes no progress within its deadline"
                    : "the rollout does not go on: \(progressing.reason)",
                confidence: 0.9,
                isCause: false,
                evidence: [
                    .field(
                        "status.conditions[Progressing]",
                        of: workload.reference,
                        "\(progressing.reason): \(progressing.message)"
                    )
                ]
            )
        }
    }
}
