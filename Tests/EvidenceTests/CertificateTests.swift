// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@testable import Evidence

@Suite("Certificates that are served", .timeLimit(.minutes(5)))
struct CertificateTests {
    @Test("given a certificate for some hosts, then its dates are read, and which hosts it does not name")
    func parsing() async throws {
        let cluster = try await TestCluster.shared()
        try await withDirectory { path in
            try await cluster.makeServerCertificate(for: ["shop.example.com", "*.api.example.com"], days: 30, in: path)
            let pem = try Array(Data(contentsOf: URL(filePath: "\(path)/tls.crt")))
            let hosts = ["shop.example.com", "v1.api.example.com", "*.api.example.com", "pay.example.com"]
            let certificate = try #require(Certificate(pem: pem, hosts: hosts))
            // openssl looks at the clock once for each of the two.
            let validity = certificate.notAfter.since(certificate.notBefore) / .seconds(1)
            #expect((30 * 86_400.0...30 * 86_400 + 5).contains(validity))
            #expect(abs(Timestamp.now.since(certificate.notBefore) / .seconds(1)) < 300)
            #expect(certificate.unnamedHosts == ["pay.example.com"])
        }
    }

    @Test(
        "given what is no certificate, then there is none",
        arguments: ["", "no PEM", "-----BEGIN CERTIFICATE-----\n"]
    )
    func damaged(_ text: String) {
        #expect(Certificate(pem: Array(text.utf8), hosts: []) == nil)
    }

    @Test("given an Ingress whose certificate has expired, then its Secret is the cause, if Secrets may be read")
    func expired() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        try await withDirectory { path in
            try await cluster.makeServerCertificate(for: ["shop.example.com"], days: -1, in: path)
            let (certificate, key) = ("\(path)/tls.crt", "\(path)/tls.key")
            try await cluster.kubectl(
                "create",
                "secret",
                "tls",
                "shop-tls",
                "-n",
                namespace,
                "--cert",
                certificate,
                "--key",
                key
            )
        }
        var ingress: JSONValue = ["apiVersion": "networking.k8s.io/v1", "kind": "Ingress"]
        ingress["metadata"] = ["name": "shop"]
        ingress["spec"] = [
            "tls": [["hosts": ["shop.example.com", "pay.example.com"], "secretName": "shop-tls"]],
            "defaultBackend": ["service": ["name": "shop", "port": ["number": 80]]],
        ]
        _ = try await cluster.client.resources(DynamicObject.self, of: Ingress.apiResource, namespace: namespace)
            .create(DynamicObject(ingress))

        let scope = EvidenceScope(namespace: namespace)
        let closed = try await ClusterEvidence(client: cluster.client).snapshot(of: scope)
        #expect(closed.certificates.isEmpty)
        var limits = ClusterEvidence.Limits()
        limits.readsSecrets = true
        let snapshot = try await ClusterEvidence(client: cluster.client, limits: limits).snapshot(of: scope)
        let findings = Analyzers.findings(in: snapshot)
        let expired = findings.first { $0.causeClass == .certificateExpired }
        #expect(expired?.owner.kind == "Secret" && expired?.owner.name == "shop-tls")
        #expect(expired?.related.map(\.name) == ["shop"])
        let unnamed = findings.first { $0.causeClass == .certificateNameMismatch }
        #expect(unnamed?.owner.kind == "Ingress" && unnamed?.message.contains("pay.example.com") == true)
        #expect(!"\(snapshot)".contains("PRIVATE KEY"))
    }
}
