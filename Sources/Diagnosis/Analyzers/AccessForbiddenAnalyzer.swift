// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A program may not do with the Kubernetes API what it wants to do.
    public static let apiAccessForbidden = CauseClass(rawValue: "APIAccessForbidden")
}

/// Programs whose ServiceAccount has not the rights that they use.
struct AccessForbiddenAnalyzer: Analyzer {
    let detections = [
        Detection(
            .apiAccessForbidden,
            kinds: ["Workload"],
            proof: "The log has the API server's refusal of a request of the pod's ServiceAccount.",
            remedy: "Bind the ServiceAccount to a Role that allows what the line names."
        )
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.ownComplaints.filter { $0.sign == .accessForbidden }.map { complaint in
            let parts = complaint.text.word(after: "system:serviceaccount:")?.split(separator: ":") ?? []
            let account =
                parts.count < 2
                ? nil
                : ServiceAccount.apiResource.reference(
                    String(parts[1].prefix { $0 != "\"" && $0 != "\\" }),
                    in: String(parts[0])
                )
            return snapshot.finding(
                .apiAccessForbidden,
                complaint,
                // Programs that can do without go on.
                confidence: complaint.isInTrouble ? 0.9 : complaint.count > 2 ? 0.65 : 0.45,
                message: "\(complaint.container.title) may not do what it wants with the Kubernetes API: "
                    + complaint.stableText,
                related: account.map { [$0] } ?? []
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .apiAccessForbidden else { return [] }
        return [
            Recommendation(
                title: "Give the ServiceAccount the right that the log names",
                description: "Allow that verb on that resource and nothing more.",
                command: "kubectl -n \(cause.object.namespace) get rolebindings -o wide",
                risk: .none
            )
        ]
    }
}
