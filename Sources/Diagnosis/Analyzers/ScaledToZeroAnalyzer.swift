// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A workload that is asked about is to have no pods.
    public static let workloadScaledToZero = CauseClass(rawValue: "WorkloadScaledToZero")
}

/// A workload without pods because nobody wants any.
///
/// That is a fault only if somebody asks why it does not work: many are switched off on purpose.
struct ScaledToZeroAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        guard let subject = snapshot.subject else { return [] }
        return snapshot.workloads.compactMap { workload in
            guard workload.kind == subject.kind, workload.metadata.name == subject.name,
                workload.metadata.namespace ?? "" == subject.namespace, workload.replicas == 0,
                // The old ReplicaSets of a Deployment are meant to be empty.
                workload.metadata.controllerReference == nil, workload.metadata.deletionTimestamp == nil
            else { return nil }
            return Finding(
                causeClass: .workloadScaledToZero,
                object: workload.reference,
                owner: workload.reference,
                severity: .high,
                message: "it is scaled to zero: no pods are wanted",
                confidence: 0.9,
                isCause: true,
                evidence: [.field("spec.replicas", of: workload.reference, "0")]
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .workloadScaledToZero else { return [] }
        return [
            Recommendation(
                title: "Scale it up",
                description: "Somebody or something has set the number of replicas to 0; ask before you change it.",
                command: "kubectl -n \(cause.object.namespace) scale \(cause.object.kind.lowercased())/"
                    + "\(cause.object.name) --replicas=1",
                risk: .low
            )
        ]
    }
}
