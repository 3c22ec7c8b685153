// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("GatewayRouteAnalyzer")
struct GatewayRouteAnalyzerTests {
    private static let programs = ["orders", "stock", "users", "carts", "mails"]

    private static func spring(_ targets: [String: String] = [:]) -> String {
        var lines = ["spring:", "  cloud:", "    gateway:", "      routes:"]
        for program in programs {
            lines += [
                "        - id: \(program)",
                "          uri: lb://${X_\(program)_HOST:\(targets[program] ?? "shop-\(program)")}",
                "          predicates:", "            - Path=/api/\(program)/**",
            ]
        }
        return lines.joined(separator: "\\n")
    }

    private static func nginx(_ targets: [String: String] = [:]) -> String {
        programs.map { "location /\($0)/ {\\n  proxy_pass http://\(targets[$0] ?? "shop-\($0)"):8080/;\\n}" }
            .joined(separator: "\\n")
    }

    private func cluster(_ text: String, log: [String] = []) throws -> Fixture {
        var cluster = Fixture()
        for (index, program) in Self.programs.enumerated() {
            try cluster.program("shop-\(program)")
            try cluster.service("shop-\(program)", port: 8080, address: "10.96.7.\(index + 1)")
        }
        try cluster.program("edge", log: log, spec: #", "volumes": [{"name": "c", "configMap": {"name": "routes"}}]"#)
        try cluster.add(\.configMaps, "routes", #""data": {"file": "\#(text)"}"#)
        cluster.complete(\.services)
        return cluster
    }

    @Test(
        "given a route to another program than its path is named after, then the forgotten one is told",
        arguments: [true, false]
    )
    func swapped(isSpring: Bool) throws {
        let targets = ["stock": "shop-users"]
        let text = isSpring ? Self.spring(targets) : Self.nginx(targets)
        let finding = try #require(cluster(text).findings(of: GatewayRouteAnalyzer()).first)
        #expect(finding.causeClass == .gatewayRouteInvalid)
        #expect(finding.owner.description == "Deployment/shop/shop-stock")
        #expect(finding.confidence >= 0.5 && finding.confidence < 0.85)
        #expect(finding.related.map(\.name) == ["routes", "edge", "shop-users"])

        var alerted = try cluster(text)
        alerted.alert("RequestErrors", labels: ["namespace": "shop", "service": "shop-stock"], "404 Not Found")
        #expect(alerted.conclusion.rootCause?.causeClass == .gatewayRouteInvalid)
        #expect(alerted.conclusion.rootCause?.confidence == 0.9)
    }

    @Test("given a route to what does not exist and a log that misses it, then it is as good as certain")
    func missing() throws {
        let line = "WARN No servers available for service: shop-nobody"
        let cluster = try cluster(Self.spring(["stock": "shop-nobody"]), log: [line, line])
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .gatewayRouteInvalid)
        #expect(cause.object.description == "Deployment/shop/shop-stock")
        #expect(cause.confidence > 0.9)
        #expect(cluster.findings(of: GatewayRouteAnalyzer()).count == 1)
    }

    @Test("given routes to programs that are not installed, and nobody who misses them, then none is named")
    func unusedRoute() throws {
        let cluster = try cluster(Self.spring(["stock": "shop-nobody"]))
        #expect(cluster.findings(of: GatewayRouteAnalyzer()).allSatisfy { $0.confidence < 0.5 })
    }

    @Test("given routes that are right, then nothing is said", arguments: [spring(), nginx()])
    func right(text: String) throws {
        #expect(try cluster(text).findings(of: GatewayRouteAnalyzer()).isEmpty)
    }

    @Test("given a variable that says another target than the file's default, then the variable counts")
    func variables() throws {
        var cluster = try cluster(Self.spring(["stock": "shop-users"]))
        cluster.edit { snapshot in
            var variable = EnvironmentVariable()
            variable.name = "X_stock_HOST"
            variable.value = "shop-stock"
            snapshot.pods[snapshot.pods.count - 1].spec.containers[0].environment = [variable]
        }
        #expect(cluster.findings(of: GatewayRouteAnalyzer()).isEmpty)
    }

    @Test("given two paths for one program on purpose, or names that follow no habit, then nothing is said")
    func noHabit() throws {
        // The path of no Service: an alias.
        let alias = Self.nginx() + "\\nlocation /shop/ {\\n  proxy_pass http://shop-users:8080/;\\n}"
        #expect(try cluster(alias).findings(of: GatewayRouteAnalyzer()).isEmpty)
        let targets = [
            "orders": "shop-stock", "stock": "shop-users", "users": "shop-carts", "carts": "shop-carts",
            "mails": "shop-carts",
        ]
        #expect(try cluster(Self.nginx(targets)).findings(of: GatewayRouteAnalyzer()).isEmpty)
    }

    @Test("given a gateway that misses a server and no file of routes, then the gateway is told")
    func onlyLog() throws {
        let line = "no live upstreams for name; No instances available for shop-nobody"
        let finding = try #require(cluster("x", log: [line, line]).findings(of: GatewayRouteAnalyzer()).first)
        #expect(finding.owner.description == "Deployment/shop/edge")
    }

    @Test("given a file that nobody has written for reading, then it is gone through in bounded time")
    func hostile() {
        for unit in ["- id: a\n", "uri: lb://a\nPath=/a\n", "${", "location /a {\n", "- Path=/a/**\n"] {
            let routes = GatewayRoutes(String(repeating: unit, count: (256 << 10) / unit.utf8.count)).routes
            #expect(routes.count <= 500)
        }
        #expect(GatewayRoutes(String(repeating: "- id: a\nuri: http://a\nPath=/a\n", count: 20_000)).routes.isEmpty)
    }
}
