// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("CertificateAnalyzer and AccessForbiddenAnalyzer")
struct CertificateAnalyzerTests {
    @Test(
        "given a client that refuses a certificate, then it is told why",
        arguments: [
            ("x509: certificate has expired or is not yet valid: current time is after", CauseClass.certificateExpired),
            ("Error: self signed certificate in certificate chain", .certificateUntrusted),
            ("tls: failed to verify certificate: x509: certificate signed by unknown authority", .certificateUntrusted),
            ("PKIX path building failed: unable to find valid certification path", .certificateUntrusted),
            ("x509: certificate is valid for a.example, not b.example", .certificateNameMismatch),
            ("ERR_TLS_CERT_ALTNAME_INVALID", .certificateNameMismatch),
        ]
    )
    func refused(line: String, expected: CauseClass) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["Get \"https://stock:443/\": \(line)"])
        #expect(cluster.conclusion.rootCause?.causeClass == expected)
        #expect(cluster.conclusion.rootCause?.object.name == "orders")
    }

    @Test("given the Service that shows an expired certificate, then the program behind it is to renew it")
    func server() throws {
        var cluster = Fixture()
        let line = "Get \"https://stock:443/\": x509: certificate has expired or is not yet valid"
        try cluster.program("orders", crashes: true, log: [line])
        try cluster.program("stock")
        try cluster.service("stock", port: 443)
        #expect(cluster.findings(of: CertificateAnalyzer()).map(\.owner.description) == ["Deployment/shop/stock"])
    }

    @Test("given a signer whom the client does not trust, then it is the client's to change, whoever serves it")
    func untrusted() throws {
        var cluster = Fixture()
        let line = "Get \"https://stock:443/\": x509: certificate signed by unknown authority"
        try cluster.program("orders", crashes: true, log: [line])
        try cluster.program("stock")
        try cluster.service("stock", port: 443)
        let finding = try #require(cluster.findings(of: CertificateAnalyzer()).first)
        #expect(finding.owner.description == "Deployment/shop/orders")
        #expect(finding.related.map(\.description) == ["Service/shop/stock"])
    }

    @Test(
        "given a program that makes or uses a certificate of its own, then that is a plan and no complaint",
        arguments: [
            "Generating self-signed certificate", "created self signed certificate in /tmp",
            "Using self-signed certificate",
        ]
    )
    func plan(line: String) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: [line, line, line])
        #expect(cluster.findings(of: CertificateAnalyzer()).isEmpty)
    }

    @Test("given a program that goes on and complains again and again, then it is named with less certainty")
    func again() throws {
        var cluster = Fixture()
        let line = "http: certificate has expired"
        try cluster.program("orders", log: [line, line, line])
        #expect(cluster.conclusion.rootCause?.causeClass == .certificateExpired)
        #expect(cluster.conclusion.rootCause?.confidence == 0.65)
    }

    @Test("given a program that does well and complains once, then it is not named")
    func once() throws {
        var cluster = Fixture()
        try cluster.program("orders", log: ["http: TLS handshake error: certificate has expired"])
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given a program that may not use the API as it wants, then its ServiceAccount is named")
    func forbidden() throws {
        let words = #"pods is forbidden: User "system:serviceaccount:shop:robot" cannot list resource "pods""#
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: [words])
        let finding = try #require(cluster.findings(of: AccessForbiddenAnalyzer()).first)
        #expect(finding.related.map(\.description) == ["ServiceAccount/shop/robot"])
        #expect(cluster.conclusion.rootCause?.causeClass == .apiAccessForbidden)

        var person = Fixture()
        try person.program("orders", crashes: true, log: [#"pods is forbidden: User "alice" cannot list"#])
        #expect(person.findings(of: AccessForbiddenAnalyzer()).isEmpty)
    }
}
