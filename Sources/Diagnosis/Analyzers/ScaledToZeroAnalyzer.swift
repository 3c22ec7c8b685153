// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A workload that is needed is to have no pods.
    public static let workloadScaledToZero = CauseClass(rawValue: "WorkloadScaledToZero")
}

/// A workload without pods because nobody wants any.
///
/// Many are switched off on purpose. It is a fault if somebody asks why just this one does not work, or if a Service
/// leads to nothing because of it: the more so if others are seen to need that Service.
struct ScaledToZeroAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        let empty = snapshot.allWorkloads.filter { workload in
            workload.replicas == 0 && workload.metadata.deletionTimestamp == nil
                // The old ReplicaSets of a Deployment are meant to be empty.
                && workload.metadata.controllerReference == nil
        }
        guard !empty.isEmpty else { return [] }
        let backends = ServiceBackends(snapshot)
        return empty.compactMap { workload in
            if let subject = snapshot.subject, workload.kind == subject.kind,
                workload.metadata.name == subject.name, workload.metadata.namespace ?? "" == subject.namespace
            {
                return finding(workload, 0.9, severity: .high)
            }
            return needed(workload, backends, snapshot)
        }
    }

    private func needed(_ workload: Workload, _ backends: ServiceBackends, _ snapshot: Snapshot) -> Finding? {
        let namespace = workload.metadata.namespace ?? ""
        let services = snapshot.services.items(in: namespace).filter { service in
            // Another version may have taken over, and a scaler may start it with the first request.
            service.selects(workload.templateLabels) && backends.pods(behind: service).isEmpty
                && backends.workloads(behind: service).allSatisfy { $0.wantedReplicas == 0 }
        }
        guard let service = services.min(by: { $0.metadata.name < $1.metadata.name }), snapshot.knowsPods(in: namespace)
        else { return nil }
        let use = ServiceUse.of(service, except: [workload.reference], in: snapshot)
        guard snapshot.isSubject(workload) || use.isMissed else { return nil }
        let isScaled = snapshot.horizontalPodAutoscalers.items(in: namespace).contains {
            $0.target.kind == workload.kind && $0.target.name == workload.metadata.name
        }
        let confidence = use.isMissed ? 0.92 : use.isNamed ? 0.8 : 0.6
        return finding(
            workload,
            isScaled ? min(confidence, 0.45) : confidence,
            severity: use.isMissed || use.isNamed ? .high : .medium,
            service: service,
            evidence: use.evidence
        )
    }

    private func finding(
        _ workload: Workload,
        _ confidence: Double,
        severity: Severity,
        service: Service? = nil,
        evidence: [EvidenceItem] = []
    ) -> Finding {
        Finding(
            causeClass: .workloadScaledToZero,
            object: workload.reference,
            owner: workload.reference,
            severity: severity,
            message: "it is scaled to zero: no pods are wanted"
                + (service.map { ", and Service \($0.metadata.name) leads to nothing" } ?? ""),
            confidence: confidence,
            isCause: true,
            evidence: [.field("spec.replicas", of: workload.reference, "0")] + evidence,
            related: service.map { [$0.reference] } ?? []
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
