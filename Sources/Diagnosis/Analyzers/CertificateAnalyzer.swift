// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The certificate of a server, or that of a client, is past its time.
    public static let certificateExpired = CauseClass(rawValue: "CertificateExpired")
    /// A certificate is signed by somebody whom the other side does not trust.
    public static let certificateUntrusted = CauseClass(rawValue: "CertificateUntrusted")
    /// A certificate does not name the host that it is shown for.
    public static let certificateNameMismatch = CauseClass(rawValue: "CertificateNameMismatch")
}

/// Certificates that programs refuse.
///
/// One that has expired is to be renewed where it is served, if that is known; whom to trust and which name to use is
/// up to the client.
struct CertificateAnalyzer: Analyzer {
    let detections = [
        Detection(
            .certificateExpired,
            kinds: ["Workload"],
            proof: "A log says that a certificate has expired or is not valid yet.",
            remedy: "Renew the certificate, and see why nothing has renewed it; compare the clocks."
        ),
        Detection(
            .certificateUntrusted,
            kinds: ["Workload"],
            proof: "A log says that the signer of a certificate is not known.",
            remedy: "Give the client the certificate of the authority that has signed it."
        ),
        Detection(
            .certificateNameMismatch,
            kinds: ["Workload"],
            proof: "A log says that a certificate does not name the host that was asked.",
            remedy: "Use a name that the certificate has, or add the name to the certificate."
        ),
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        let complaints = snapshot.ownComplaints.filter {
            [.certificateExpired, .certificateUntrusted, .certificateWrongName].contains($0.sign) && !Self.isPlan($0)
        }
        guard !complaints.isEmpty else { return [] }
        let directory = ServiceDirectory(snapshot)
        return complaints.map { complaint in
            let namespace = complaint.container.pod.metadata.namespace ?? ""
            let service = complaint.target.flatMap { directory.service($0.host, from: namespace) }
            let place = complaint.target.map { " of \($0.description)" } ?? ""
            let causeClass: CauseClass
            let message: String
            switch complaint.sign {
            case .certificateExpired:
                causeClass = .certificateExpired
                message = "a certificate\(place) is not valid at this time"
            case .certificateUntrusted:
                causeClass = .certificateUntrusted
                message = "\(complaint.container.title) does not trust the certificate\(place)"
            default:
                causeClass = .certificateNameMismatch
                message = "the certificate\(place) does not name the host that \(complaint.container.title) asks"
            }
            let server = complaint.sign == .certificateExpired ? service.flatMap(directory.workload) : nil
            return snapshot.finding(
                causeClass,
                complaint,
                owner: server,
                // A program that goes on has others to talk to as well, or has somebody who tries in vain.
                confidence: complaint.isInTrouble ? 0.88 : complaint.count > 2 ? 0.65 : 0.45,
                message: message,
                related: service.map { [$0.reference] } ?? []
            )
        }
    }

    /// "Generating a self-signed certificate" is what a program does, and no complaint.
    private static func isPlan(_ complaint: Complaint) -> Bool {
        let text = complaint.text.lowercased()
        return ["generat", "creat", "using self", "using a self", "using the self", "issued"].contains(
            where: text.contains
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .certificateExpired else { return [] }
        return [
            Recommendation(
                title: "See what renews the certificate",
                description: "A program that has renewed its certificate may still have to be restarted to show it.",
                command: "kubectl -n \(cause.object.namespace) get secrets --field-selector type=kubernetes.io/tls",
                risk: .none
            )
        ]
    }
}
