// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("DependencyAddressAnalyzer")
struct DependencyAddressAnalyzerTests {
    private func cluster(
        _ environment: [(String, String)],
        crashes: Bool = false,
        log: [String] = []
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.program("orders", environment: environment, crashes: crashes, log: log)
        try cluster.program("stock")
        try cluster.service("stock", port: 80)
        cluster.complete(\.services)
        cluster.completeNamespace()
        return cluster
    }

    @Test("given a variable with a port that the Service does not have, and a log that says so, then it is certain")
    func wrongPortWithLog() throws {
        let refused = "dial tcp 10.96.7.7:81: connect: connection refused"
        let cause = try #require(cluster([("STOCK_ADDR", "stock:81")], log: [refused, refused]).conclusion.rootCause)
        #expect(cause.causeClass == .dependencyAddressInvalid)
        #expect(cause.object.description == "Deployment/shop/orders")
        #expect(cause.confidence == 0.95)
        let finding = try cluster([("STOCK_ADDR", "stock:81")]).findings(of: DependencyAddressAnalyzer())
        #expect(finding.first?.related.map(\.description) == ["Service/shop/stock"])
    }

    @Test(
        "given a variable with a port that the Service does not have, then it is named even without a log",
        arguments: ["stock:81", "http://stock.shop.svc:81/x", "stock.shop.svc.cluster.local:81", "10.96.7.7:81"]
    )
    func wrongPort(value: String) throws {
        let findings = try cluster([("STOCK_ADDR", value)]).findings(of: DependencyAddressAnalyzer())
        #expect(findings.map(\.causeClass) == [.dependencyAddressInvalid])
        #expect(findings[0].confidence >= 0.5)
    }

    @Test("given host and port in two variables, then they are read together")
    func twoVariables() throws {
        let wrong = try cluster([("STOCK_HOST", "stock"), ("STOCK_PORT", "81")])
        #expect(wrong.findings(of: DependencyAddressAnalyzer()).count == 1)
        let right = try cluster([("STOCK_HOST", "stock"), ("STOCK_PORT", "80"), ("OTHER_PORT", "81")])
        #expect(right.findings(of: DependencyAddressAnalyzer()).isEmpty)
    }

    @Test(
        "given an address that is right, or that nobody can judge, then nothing is said",
        arguments: [
            "stock:80", "http://stock", "nosuch:80", "stock.example.com:81", "localhost:81", "stock", "81",
            "stock.other:81",
        ]
    )
    func nearMisses(value: String) throws {
        #expect(try cluster([("STOCK_ADDR", value)]).findings(of: DependencyAddressAnalyzer()).isEmpty)
    }

    @Test("given a headless Service, then any port may be right that its pods do not exclude")
    func headless() throws {
        var cluster = Fixture()
        try cluster.program("orders", environment: [("A", "db:7000"), ("B", "db:9")])
        try cluster.program("db", port: 7000)
        try cluster.service("db", port: 80, address: "None")
        let findings = cluster.findings(of: DependencyAddressAnalyzer())
        #expect(findings.map { $0.evidence[0].text } == ["db:9"])
    }

    @Test("given several clients that all ask for the same port, then it is the Service that is wrong")
    func sharedPort() throws {
        var cluster = Fixture()
        for name in ["a", "b", "c"] { try cluster.program(name, environment: [("STOCK", "stock:81")]) }
        try cluster.program("stock")
        try cluster.service("stock", port: 80)
        #expect(cluster.conclusion.rootCause?.causeClass == .servicePortMismatch)
        #expect(cluster.conclusion.rootCause?.object.description == "Service/shop/stock")
    }

    @Test("given a refused port that only the log names, then a database's is told from any other")
    func portInLog() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["connect ECONNREFUSED 10.96.7.7:5433"])
        try cluster.program("pg", image: "postgres:16", port: 5432)
        try cluster.service("pg", port: 5432, target: 5432)
        #expect(cluster.conclusion.rootCause?.causeClass == .databasePortInvalid)

        let other = try self.cluster([], crashes: true, log: ["connect ECONNREFUSED 10.96.7.7:81"])
        #expect(other.conclusion.rootCause?.causeClass == .dependencyAddressInvalid)
    }

    @Test("given a value from a ConfigMap, then its place is told")
    func configMap() throws {
        var cluster = try cluster([])
        try cluster.add(\.configMaps, "settings", #""data": {"STOCK_URL": "http://stock:81"}"#)
        cluster.edit { snapshot in
            var source = EnvironmentSource()
            source.configMap = KeyReference()
            source.configMap?.name = "settings"
            snapshot.pods[0].spec.containers[0].environmentSources = [source]
        }
        let finding = try #require(cluster.findings(of: DependencyAddressAnalyzer()).first)
        #expect(finding.evidence[0].source == "$STOCK_URL from ConfigMap/shop/settings")
    }
}
