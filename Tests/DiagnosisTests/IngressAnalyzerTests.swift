// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("IngressAnalyzer")
struct IngressAnalyzerTests {
    private static let backend = #"{"service": {"name": "cart", "port": {"number": 80}}}"#

    private static func rules(_ backend: String = IngressAnalyzerTests.backend, host: String = "shop.example") -> String
    {
        #""rules": [{"host": "\#(host)", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": \#(backend)}]}}]"#
    }

    private func cluster(
        _ spec: String = #""ingressClassName": "nginx", \#(IngressAnalyzerTests.rules())"#,
        status: String = "{}"
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("cart")
        try cluster.service("cart")
        try cluster.add(\.ingressClasses, "nginx")
        try cluster.add(\.ingresses, "web", #""spec": {\#(spec)}, "status": \#(status)"#)
        cluster.completeNamespace()
        cluster.complete(\.services)
        cluster.complete(\.ingressClasses)
        cluster.complete(\.secrets)
        return cluster
    }

    @Test("given an Ingress whose references all lead somewhere, then all is well")
    func healthy() throws {
        #expect(try cluster().conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a reference that leads nowhere, then the Ingress is to be corrected",
        arguments: [
            (#""ingressClassName": "ngnix", \#(IngressAnalyzerTests.rules())"#, "IngressClassNotFound"),
            (
                #""ingressClassName": "nginx", \#(IngressAnalyzerTests.rules(#"{"service": {"name": "carts", "port": {"number": 80}}}"#))"#,
                "IngressBackendNotFound"
            ),
            (
                #""ingressClassName": "nginx", \#(IngressAnalyzerTests.rules(#"{"service": {"name": "cart", "port": {"number": 8080}}}"#))"#,
                "IngressBackendPortNotFound"
            ),
            (
                #""ingressClassName": "nginx", \#(IngressAnalyzerTests.rules(#"{"service": {"name": "cart", "port": {"name": "http"}}}"#))"#,
                "IngressBackendPortNotFound"
            ),
            (
                #""ingressClassName": "nginx", "defaultBackend": {"service": {"name": "x", "port": {"number": 1}}}"#,
                "IngressBackendNotFound"
            ),
            (
                #""ingressClassName": "nginx", "tls": [{"secretName": "tls"}], \#(IngressAnalyzerTests.rules())"#,
                "IngressTLSSecretNotFound"
            ),
        ]
    )
    func wrongReference(spec: String, expected: String) throws {
        let cause = try #require(try cluster(spec).conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.object.description == "Ingress/shop/web")
    }

    @Test("given lists that could not be read, then nothing is said to be missing")
    func unread() throws {
        var cluster = Fixture()
        try cluster.add(
            \.ingresses,
            "web",
            #""spec": {"ingressClassName": "ngnix", "tls": [{"secretName": "tls"}], \#(Self.rules())}"#
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
        #expect(Analyzers.consults(in: cluster.snapshot).contains(IngressClass.apiResource))
    }

    @Test("given an Ingress that has an address, then some controller knows its class")
    func taken() throws {
        let cluster = try cluster(
            #""ingressClassName": "custom", \#(Self.rules())"#,
            status: #"{"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}"#
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given no class and no default one, then it is told of, but some controllers take it all the same")
    func noClass() throws {
        let conclusion = try cluster(Self.rules()).conclusion
        #expect(conclusion.rootCause == nil)
        #expect(conclusion.candidates.map(\.causeClass) == [.ingressClassMissing])
    }

    @Test("given a controller that refuses it, then its last word counts")
    func rejected() throws {
        var cluster = try cluster()
        try cluster.event(kind: "Ingress", "web", reason: "Rejected", "all hosts are taken by other resources")
        cluster.edit { $0.events[0].type = "Warning" }
        #expect(cluster.conclusion.rootCause?.causeClass == .ingressRejected)

        try cluster.event(kind: "Ingress", "web", reason: "AddedOrUpdated", secondsAgo: 1, "was added")
        cluster.edit { $0.events.reverse() }
        #expect(cluster.conclusion.terminationReason == .healthy)
    }
}

@Suite("IngressConflictAnalyzer")
struct IngressConflictAnalyzerTests {
    private func cluster(_ more: String = "") throws -> Fixture {
        var cluster = Fixture()
        for (index, name) in ["old", "new"].enumerated() {
            try cluster.add(
                \.ingresses,
                name,
                """
                "spec": {"ingressClassName": "nginx", "rules": [{"host": "shop.example", "http": {"paths":
                  [{"path": "/\(index == 0 ? "" : more)", "pathType": "Prefix",
                    "backend": {"service": {"name": "\(name)", "port": {"number": 80}}}}]}}]}
                """
            )
        }
        cluster.edit { snapshot in
            snapshot.ingresses.update { ingress in
                ingress.metadata.creationTimestamp = Fixture.now.advanced(
                    by: .seconds(ingress.metadata.name == "old" ? -9000 : -100)
                )
            }
        }
        return cluster
    }

    @Test("given two Ingresses with one path, then the younger one is not served")
    func conflict() throws {
        let cause = try #require(try cluster().conclusion.rootCause)
        #expect(cause.causeClass == .ingressPathConflict)
        #expect(cause.object.name == "new")
    }

    @Test("given other paths, or a canary, then there is no conflict")
    func noConflict() throws {
        #expect(try cluster("api").conclusion.terminationReason == .healthy)
        var canary = try cluster()
        canary.edit { snapshot in
            snapshot.ingresses.update { ingress in
                if ingress.metadata.name == "new" {
                    ingress.metadata.annotations["nginx.ingress.kubernetes.io/canary"] = "true"
                }
            }
        }
        #expect(canary.conclusion.terminationReason == .healthy)
    }
}
