// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("MissingUpstreamAnalyzer")
struct MissingUpstreamAnalyzerTests {
    private func findings(missing target: String) throws -> [Finding] {
        var cluster = Fixture()
        try cluster.program("shop-users")
        try cluster.service("shop-users", port: 8080, address: "10.96.7.1")
        let line = "WARN No servers available for service: \(target)"
        try cluster.program("edge", log: [line, line])
        cluster.complete(\.services)
        return cluster.findings(of: MissingUpstreamAnalyzer())
    }

    @Test("given a gateway that misses a Service which does not exist, then the gateway is told")
    func missing() throws {
        let finding = try #require(findings(missing: "shop-nobody").first)
        #expect(finding.owner.description == "Deployment/shop/edge")
        #expect(finding.related.map(\.name) == ["shop-nobody"])
    }

    @Test("given a Service that exists, then its own trouble is not that of the route")
    func exists() throws {
        #expect(try findings(missing: "shop-users").isEmpty)
    }

    @Test("given a gateway whose table of routes already tells which one is wrong, then its log is no second cause")
    func toldByTable() throws {
        func said(tableHost: String) throws -> [Finding] {
            var cluster = Fixture()
            let apps = ["user", "order", "cart", "stock"]
            for name in apps {
                try cluster.program("my-\(name)-service")
                try cluster.service(
                    "my-\(name)-service",
                    port: 8080,
                    address: "10.96.7.\(apps.firstIndex(of: name) ?? 0)"
                )
            }
            let line = "WARN No servers available for service: my-basket"
            try cluster.program("edge", log: [line, line])
            let table = apps.map { name in
                let host = name == "cart" ? tableHost : "my-\(name)-service"
                return #"- id: \#(name)\n  uri: lb://\#(host)\n  predicates:\n  - Path=/api/\#(name)/**"#
            }.joined(separator: #"\n"#)
            try cluster.add(\.configMaps, "routes", #""data": {"application.yml": "\#(table)"}"#)
            cluster.edit { snapshot in
                for index in snapshot.workloads.indices where snapshot.workloads[index].metadata.name == "edge" {
                    var routes = KeyReference()
                    routes.name = "routes"
                    var source = EnvironmentSource()
                    source.configMap = routes
                    snapshot.workloads[index].template.containers = [Container(name: "app")]
                    snapshot.workloads[index].template.containers[0].environmentSources = [source]
                }
            }
            cluster.complete(\.services)
            #expect(cluster.findings(of: RoutingTableAnalyzer()).isEmpty == (tableHost == "my-cart-service"))
            return cluster.findings(of: MissingUpstreamAnalyzer())
        }
        #expect(try said(tableHost: "my-basket").isEmpty)
        #expect(try said(tableHost: "my-cart-service").map(\.owner.description) == ["Deployment/shop/edge"])
    }
}
