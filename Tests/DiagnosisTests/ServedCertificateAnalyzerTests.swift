// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ServedCertificateAnalyzer")
struct ServedCertificateAnalyzerTests {
    private func cluster(from: Int, until: Int, unnamed: [String] = []) -> Fixture {
        var cluster = Fixture()
        cluster.edit { snapshot in
            snapshot.certificates = [
                ServedCertificate(
                    secret: ObjectReference(apiVersion: "v1", kind: "Secret", namespace: "shop", name: "tls"),
                    user: ObjectReference(
                        apiVersion: "networking.k8s.io/v1",
                        kind: "Ingress",
                        namespace: "shop",
                        name: "web"
                    ),
                    notBefore: Fixture.now.advanced(by: .seconds(from)),
                    notAfter: Fixture.now.advanced(by: .seconds(until)),
                    unnamedHosts: unnamed
                )
            ]
        }
        return cluster
    }

    @Test(
        "given a certificate past its time or before it, then its Secret is the cause",
        arguments: [(-9, -1), (400, 900)]
    )
    func invalid(from: Int, until: Int) throws {
        let cause = try #require(cluster(from: from, until: until).conclusion.rootCause)
        #expect(cause.causeClass == .certificateExpired)
        #expect(cause.object.kind == "Secret" && cause.object.name == "tls")
        #expect(cause.related.map(\.kind) == ["Ingress"])
    }

    @Test("given a host that it does not name, then the Ingress is the cause")
    func otherName() {
        let cause = cluster(from: -9, until: 900, unnamed: ["pay.example.com"]).conclusion.rootCause
        #expect(cause?.causeClass == .certificateNameMismatch)
        #expect(cause?.object.kind == "Ingress")
    }

    @Test("given one that is valid, or will be when clocks agree, then all is well", arguments: [-9, 200])
    func valid(from: Int) {
        #expect(cluster(from: from, until: 900).conclusion.rootCause == nil)
    }
}
