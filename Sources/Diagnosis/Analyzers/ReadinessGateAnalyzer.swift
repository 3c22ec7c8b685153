// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Something outside of the pod, such as a load balancer, does not take it for ready.
    public static let readinessGateClosed = CauseClass(rawValue: "ReadinessGateClosed")
}

/// Pods whose containers are ready while a readiness gate is not.
///
/// Who is to open it, and why that does not happen, only the condition of the gate can tell.
struct ReadinessGateAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            let conditions = pod.status.conditions
            guard pod.metadata.deletionTimestamp == nil, let ready = conditions["Ready"], ready.status == .false,
                ready.reason == "ReadinessGatesNotReady", conditions.isTrue("ContainersReady")
            else { return nil }
            let gate = ready.message.quoted(after: "readiness gate ")
            let condition = gate.flatMap { conditions[$0] }
            var evidence: [EvidenceItem] = [.field("status.conditions[Ready]", of: pod.reference, ready.message)]
            if let condition {
                let words = "\(condition.reason): \(condition.message)"
                evidence.append(.field("status.conditions[\(condition.type)]", of: pod.reference, words))
            }
            let name = gate.map { " \($0)" } ?? ""
            return snapshot.cause(
                .readinessGateClosed,
                of: pod,
                // It says who objects, seldom why.
                confidence: condition?.message.isEmpty == false ? 0.7 : 0.55,
                message: "its containers are ready, but readiness gate\(name) "
                    + (condition.map { "is \($0.status.rawValue): \(StableText.of($0.message))" } ?? "has not been set"),
                evidence: evidence
            )
        }
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .readinessGateClosed,
            proof:
                "All containers of a pod are ready, and its condition Ready names a readiness gate that is not True.",
            title: "Look at the controller of the readiness gate",
            description:
                "Its condition in the status of the pod says what it objects to; load balancers mean their own "
                + "health checks.",
            command: "kubectl -n {namespace} get pods -o wide"
        )
    ]

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
