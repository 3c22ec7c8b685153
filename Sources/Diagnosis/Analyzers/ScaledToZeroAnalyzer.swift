// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A workload that is needed is to have no pods.
    public static let workloadScaledToZero = CauseClass(rawValue: "WorkloadScaledToZero")
}

/// A workload without pods because nobody wants any.
///
/// Many are switched off on purpose. It is a fault if somebody asks why this one does not work, or if it leaves a
/// Service with nothing behind it: the more so where something else calls that Service.
struct ScaledToZeroAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        let idle = snapshot.workloads.filter { workload in
            // The old ReplicaSets of a Deployment are meant to be empty.
            workload.replicas == 0 && workload.metadata.controllerReference == nil
                && workload.metadata.deletionTimestamp == nil
        }
        guard !idle.isEmpty else { return [] }
        let subject = snapshot.subject.map { ObjectKey($0) }
        let callers = ServiceCallers(in: snapshot)
        return idle.compactMap { workload in
            let reference = workload.reference
            let services = callers.services(only: reference)
            let called = services.first { !callers.callers(of: $0, besides: reference).isEmpty }
            if ObjectKey(reference) == subject { return finding(reference, services.first, nil, 0.9) }
            guard let service = called ?? services.first else { return nil }
            let caller = callers.callers(of: service, besides: reference).first
            return finding(reference, service, caller, caller == nil ? 0.6 : 0.85)
        }
    }

    private func finding(
        _ workload: ObjectReference,
        _ service: ObjectReference?,
        _ caller: ObjectReference?,
        _ confidence: Double
    ) -> Finding {
        var message = "it is scaled to zero: no pods are wanted"
        var evidence = [EvidenceItem.field("spec.replicas", of: workload, "0")]
        if let service {
            message += ", and Service \(service.name) has nothing behind it"
            evidence.append(.field("spec.selector", of: service, "selects the pods of \(workload) only"))
        }
        if let caller, let service {
            evidence.append(.field("spec", of: caller, "calls Service \(service.name)"))
        }
        return Finding(
            causeClass: .workloadScaledToZero,
            object: workload,
            owner: workload,
            severity: .high,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: evidence,
            related: service.map { [$0] } ?? []
        )
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
