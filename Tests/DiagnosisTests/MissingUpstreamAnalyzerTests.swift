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
}
