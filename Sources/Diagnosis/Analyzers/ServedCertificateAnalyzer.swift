// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// The certificates that Ingresses and Gateways serve, where their Secrets may be read.
struct ServedCertificateAnalyzer: Analyzer {
    /// How much clocks may differ.
    private static let tolerance = Duration.seconds(300)

    let detections = [
        Detection(
            .certificateExpired,
            kinds: ["Secret"],
            proof:
                "The certificate in the Secret of an Ingress or Gateway is past its time, or not valid yet. Only where "
                + "reading Secrets is allowed.",
            remedy: "Renew the certificate, and see why nothing has renewed it."
        ),
        Detection(
            .certificateNameMismatch,
            kinds: ["Ingress", "Gateway"],
            proof:
                "The certificate in its Secret does not name a host that it is served for. Only where reading Secrets "
                + "is allowed.",
            remedy: "Name a Secret whose certificate has the host, or add the name to the certificate."
        ),
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.certificates.flatMap { certificate -> [Finding] in
            var findings: [Finding] = []
            if let message = Self.trouble(of: certificate, at: snapshot.takenAt) {
                findings.append(
                    finding(
                        .certificateExpired,
                        certificate.secret,
                        "its certificate, which \(certificate.user) serves, \(message)",
                        .field(
                            "tls.crt",
                            of: certificate.secret,
                            "valid from \(certificate.notBefore) to \(certificate.notAfter)"
                        ),
                        related: [certificate.user]
                    )
                )
            }
            if let host = certificate.unnamedHosts.first {
                findings.append(
                    finding(
                        .certificateNameMismatch,
                        certificate.user,
                        "it serves \(host) with a certificate that does not name it",
                        .field("tls.crt", of: certificate.secret, "does not name \(host)"),
                        related: [certificate.secret]
                    )
                )
            }
            return findings
        }
    }

    private static func trouble(of certificate: ServedCertificate, at now: Timestamp) -> String? {
        if certificate.notAfter < now { return "has expired on \(certificate.notAfter)" }
        let isEarly = now.advanced(by: tolerance) < certificate.notBefore
        return isEarly ? "is not valid before \(certificate.notBefore)" : nil
    }

    private func finding(
        _ causeClass: CauseClass,
        _ owner: ObjectReference,
        _ message: String,
        _ evidence: EvidenceItem,
        related: [ObjectReference]
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: owner,
            owner: owner,
            severity: .high,
            message: message,
            confidence: 0.9,
            isCause: true,
            evidence: [evidence],
            related: related
        )
    }
}
