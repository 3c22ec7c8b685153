// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("NetworkPolicyAnalyzer")
struct NetworkPolicyAnalyzerTests {
    private static let timeout = "ERROR dial tcp: connect to cart:80: i/o timeout"

    private func cluster(_ spec: String, log line: String = NetworkPolicyAnalyzerTests.timeout) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("web")
        try cluster.app("cart")
        try cluster.service("cart", more: #", "clusterIP": "10.1.0.1""#)
        try cluster.add(\.networkPolicies, "guard", #""spec": \#(spec)"#)
        cluster.log(of: "web-1", line)
        cluster.completeNamespace()
        return cluster
    }

    private static func ingress(_ rules: String) -> String {
        #"{"podSelector": {"matchLabels": {"app": "cart"}}, "policyTypes": ["Ingress"], "ingress": \#(rules)}"#
    }

    @Test(
        "given a policy that admits nobody who asks, and a client that gets no answer, then the policy is the cause",
        arguments: [
            ingress("[]"), ingress(#"[{"from": [{"podSelector": {"matchLabels": {"app": "front"}}}]}]"#),
            ingress(#"[{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "lab"}}}]}]"#),
            ingress(#"[{"ports": [{"port": 9090}]}]"#), ingress(#"[{"from": [{"ipBlock": {"cidr": "10.9.0.0/16"}}]}]"#),
            ingress(#"[{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/24"]}}]}]"#),
            #"{"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 53, "protocol": "UDP"}]}]}"#,
        ]
    )
    func blocked(spec: String) throws {
        let cause = try #require(try cluster(spec).conclusion.rootCause)
        #expect(cause.causeClass == .networkPolicyBlocksTraffic)
        #expect(cause.object.description == "NetworkPolicy/shop/guard")
    }

    @Test(
        "given a policy that lets the client in, then it is not the cause",
        arguments: [
            ingress("[{}]"), ingress(#"[{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}]"#),
            ingress(#"[{"from": [{"podSelector": {}}], "ports": [{"port": 8080}]}]"#),
            ingress(#"[{"ports": [{"port": 8000, "endPort": 9000}]}]"#),
            ingress(#"[{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]"#),
            ingress(#"[{"from": [{"namespaceSelector": {}}]}]"#),
            #"{"podSelector": {"matchLabels": {"app": "other"}}, "policyTypes": ["Ingress"]}"#,
        ]
    )
    func allowed(spec: String) throws {
        // The client's complaint stays one, without a cause that is likely enough to be named.
        let conclusion = try cluster(spec).conclusion
        #expect(conclusion.rootCause == nil)
        #expect(!conclusion.candidates.map(\.causeClass).contains(.networkPolicyBlocksTraffic))
    }

    @Test(
        "given a client that gets an answer, or complains of somebody else, then the policy does what it is for",
        arguments: [
            "GET http://cart:80/ 200", "ERROR POST http://cart:80/ returned 500", "ERROR dial tcp db:5432: i/o timeout",
            "dial tcp 10.1.0.1:80: connect: connection refused",
        ]
    )
    func otherComplaint(line: String) throws {
        #expect(try cluster(Self.ingress("[]"), log: line).conclusion.rootCause == nil)
    }

    @Test("given a second policy that allows it, then both together allow it")
    func union() throws {
        var cluster = try cluster(Self.ingress("[]"))
        try cluster.add(
            \.networkPolicies,
            "open",
            #""spec": \#(Self.ingress(#"[{"from": [{"podSelector": {}}]}]"#))"#
        )
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given no way to port 53, and names that do not resolve, then the policy is the cause")
    func names() throws {
        let egress = #"{"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 80}]}]}"#
        let line = "getaddrinfo EAI_AGAIN cart"
        #expect(try cluster(egress, log: line).conclusion.rootCause?.causeClass == .networkPolicyBlocksDNS)
        let open =
            #"{"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 53, "protocol": "UDP"}]}]}"#
        #expect(try cluster(open, log: line).findings(.networkPolicyBlocksDNS).isEmpty)
        // An answer that there is no such name shows that somebody answers.
        let answer = "lookup cart on 10.1.0.10:53: no such host"
        #expect(try cluster(egress, log: answer).findings(.networkPolicyBlocksDNS).isEmpty)
    }

    /// A client of two Services, of which a policy closes some, that says only that it gets no answer.
    private func unnamed(
        closed: [String] = ["cart"],
        rules: String = "[]",
        crashes: Bool = true,
        log: [String] = ["ERROR rpc error: code = DeadlineExceeded desc = context deadline exceeded"],
        environment: [(String, String)] = [("CART_ADDR", "cart:80"), ("STOCK_ADDR", "stock:80")]
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.program("web", environment: environment, crashes: crashes, log: log)
        for name in ["cart", "stock"] {
            try cluster.app(name)
            try cluster.service(name)
        }
        for name in closed {
            let selector = #"{"matchLabels": {"app": "\#(name)"}}"#
            try cluster.add(
                \.networkPolicies,
                "guard-\(name)",
                #""spec": {"podSelector": \#(selector), "policyTypes": ["Ingress"], "ingress": \#(rules)}"#
            )
        }
        cluster.completeNamespace()
        return cluster
    }

    @Test("given silence that names nobody, then the one Service that is closed to the program is meant")
    func silenceOfSomebody() throws {
        let conclusion = try unnamed().conclusion
        let cause = try #require(conclusion.rootCause)
        #expect(cause.object.description == "NetworkPolicy/shop/guard-cart")
        #expect(cause.confidence == 0.7)
        // The crash is what the program does about it.
        #expect(conclusion.candidates.first { $0.causeClass == .applicationCrash }?.follows == [0])
        let named = try unnamed(
            log: ["INFO database: cart:80", "panic: no reachable servers"],
            environment: []
        )
        #expect(named.conclusion.rootCause?.object.description == "NetworkPolicy/shop/guard-cart")
    }

    @Test("given such silence, then it proves nothing about open, several or unrelated Services, or if it is rare")
    func silenceWithoutProof() throws {
        let slow = try unnamed(rules: #"[{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}]"#)
        let one = ["WARN request timed out"]
        for cluster in [
            slow, try unnamed(closed: ["cart", "stock"]), try unnamed(environment: [("STOCK_ADDR", "stock:80")]),
            try unnamed(crashes: false, log: one), try unnamed(log: ["ERROR dial 10.9.9.9:443: i/o timeout"]),
        ] {
            #expect(cluster.findings(.networkPolicyBlocksTraffic).isEmpty)
        }
        #expect(try unnamed(crashes: false, log: one + one + one).findings(.networkPolicyBlocksTraffic).count == 1)
    }

    @Test("given a pod in the network of its node, then no policy is about it")
    func hostNetwork() throws {
        var cluster = try cluster(Self.ingress("[]"))
        cluster.edit { snapshot in
            for index in snapshot.pods.indices where snapshot.pods[index].metadata.name == "cart-1" {
                snapshot.pods[index].spec.usesHostNetwork = true
            }
        }
        #expect(cluster.conclusion.rootCause == nil)
    }
}
