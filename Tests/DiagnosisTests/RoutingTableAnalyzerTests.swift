// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("RoutingTableAnalyzer")
struct RoutingTableAnalyzerTests {
    private static func table(cart: String) -> String {
        [("user", "my-user-service"), ("order", "my-order-service"), ("cart", cart), ("stock", "my-stock-service")]
            .map { #"- id: \#($0.0)\n  uri: lb://${HOST_\#($0.0):\#($0.1)}\n  predicates:\n  - Path=/api/\#($0.0)/**"# }
            .joined(separator: #"\n"#)
    }

    private func cluster(_ text: String, mounted: Bool = true) throws -> Fixture {
        var cluster = Fixture()
        for name in ["user", "order", "cart", "stock"] {
            try cluster.app("my-\(name)-service")
            try cluster.service("my-\(name)-service")
        }
        try cluster.workload(
            "Deployment",
            "edge",
            spec: """
                {"replicas": 1, "template": {"spec": {"containers": [{"name": "app"}],
                  "volumes": [{"name": "routes", "configMap": {"name": "\(mounted ? "routes" : "other")"}}]}}}
                """,
            status: #"{"readyReplicas": 1}"#
        )
        try cluster.add(\.configMaps, "routes", #""data": {"application.yml": "\#(text)"}"#)
        cluster.completeNamespace()
        cluster.complete(\.services)
        return cluster
    }

    @Test("given a table whose routes lead to the apps whose names they bear, then all is well")
    func healthy() throws {
        #expect(try cluster(Self.table(cart: "my-cart-service")).conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a route that leads to another app, or to none, then the app that is left out is named",
        arguments: ["my-order-service", "my-basket-backend"]
    )
    func misrouted(host: String) throws {
        let cause = try #require(try cluster(Self.table(cart: host)).conclusion.rootCause)
        #expect(cause.causeClass == .gatewayRouteInvalid)
        #expect(cause.object.description == "Service/shop/my-cart-service")
        #expect(cause.message.contains(host))
    }

    @Test("given what the gateway says about a host that does not exist, then it is surer")
    func complaint() throws {
        var cluster = try cluster(Self.table(cart: "my-basket-backend"))
        let before = cluster.conclusion.rootCause?.confidence ?? 1
        try cluster.rawPod(
            "edge-1",
            owner: "Deployment/edge",
            status: #"{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}"#
        )
        cluster.log(of: "edge-1", "WARN No servers available for service: my-basket-backend")
        #expect(cluster.conclusion.rootCause?.confidence ?? 0 > before)
    }

    @Test("given a table that no workload has, then it routes nothing")
    func unused() throws {
        let cluster = try cluster(Self.table(cart: "my-order-service"), mounted: false)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a table in which names and hosts have nothing to do with each other, then there is no rule to break")
    func noRule() throws {
        let text = [
            ("user", "my-order-service"), ("order", "my-user-service"), ("stock", "my-x-service"),
            ("cart", "my-y-service"),
        ]
        .map { #"- id: \#($0.0)\n  uri: lb://\#($0.1)"# }.joined(separator: #"\n"#)
        #expect(try cluster(text).conclusion.terminationReason == .healthy)
    }

    @Test("given locations of nginx, then they are read as well")
    func nginx() throws {
        func text(_ cart: String) -> String {
            [("user", "my-user-service"), ("order", "my-order-service"), ("cart", cart), ("stock", "my-stock-service")]
                .map { #"location /api/\#($0.0)/ {\n proxy_pass http://\#($0.1):80;\n}"# }.joined(separator: #"\n"#)
        }
        #expect(try cluster(text("my-cart-service")).conclusion.terminationReason == .healthy)
        #expect(try cluster(text("my-stock-service")).conclusion.rootCause?.causeClass == .gatewayRouteInvalid)
    }
}
