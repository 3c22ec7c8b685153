// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ScaledToZeroAnalyzer")
struct ScaledToZeroAnalyzerTests {
    private func cluster(service: Bool = true) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("cart", replicas: 0)
        if service { try cluster.service("cart") }
        cluster.completeNamespace()
        return cluster
    }

    @Test("given a workload without replicas, and a Service that leads to nothing because of it, then it is named")
    func service() throws {
        let cause = try #require(try cluster().conclusion.rootCause)
        #expect(cause.causeClass == .workloadScaledToZero)
        #expect(cause.object.description == "Deployment/shop/cart")
        #expect(cause.confidence < 0.7)
    }

    @Test("given others that name the Service, or miss it, then it is surer")
    func needed() throws {
        var named = try cluster()
        try named.app("web", more: #", "env": [{"name": "CART_URL", "value": "http://cart:80/"}]"#)
        let namedConfidence = try #require(named.conclusion.rootCause?.confidence)
        #expect(namedConfidence >= 0.8)

        var missed = named
        missed.log(of: "web-1", "ERROR dial tcp: connect to cart:80: connection refused")
        let cause = try #require(missed.conclusion.rootCause)
        #expect(cause.confidence > namedConfidence)
        #expect(missed.findings(.workloadScaledToZero)[0].evidence.contains { $0.kind == .log })
    }

    @Test("given a variable with a longer name, then it is about somebody else")
    func otherName() throws {
        var cluster = try cluster()
        try cluster.app("web", more: #", "env": [{"name": "A", "value": "http://cart-admin:80/, cart.lab:80"}]"#)
        #expect(cluster.conclusion.rootCause?.confidence ?? 1 < 0.7)
    }

    @Test("given no Service, then it may be switched off on purpose")
    func noService() throws {
        #expect(try cluster(service: false).conclusion.terminationReason == .healthy)
    }

    @Test("given another version that has taken over, then nobody misses the old one")
    func takenOver() throws {
        var cluster = try cluster()
        try cluster.app("cart-v2", labels: #"{"app": "cart"}"#)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given an autoscaler that has it at zero, then it is not the answer")
    func autoscaled() throws {
        var cluster = try cluster()
        try cluster.add(
            \.horizontalPodAutoscalers,
            "cart",
            #""spec": {"scaleTargetRef": {"kind": "Deployment", "name": "cart"}, "maxReplicas": 3}"#
        )
        #expect(cluster.conclusion.rootCause == nil)
    }
}
