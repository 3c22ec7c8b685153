// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("DependencyUnavailableAnalyzer")
struct DependencyUnavailableAnalyzerTests {
    private static let mysqlRefused = [
        "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure",
        "\tat com.mysql.cj.jdbc.ConnectionImpl.connect(ConnectionImpl.java:1)",
        "Caused by: java.net.ConnectException: Connection refused",
    ]

    @Test("given a Service that is named rightly and does not answer, then the complaint is a symptom that names it")
    func symptom() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["connect ECONNREFUSED 10.96.7.7:80"])
        try cluster.program("stock", ready: false)
        try cluster.service("stock", port: 80)
        cluster.completeNamespace()
        let finding = try #require(cluster.findings(of: DependencyUnavailableAnalyzer()).first)
        #expect(finding.causeClass == .dependencyUnavailable)
        #expect(!finding.isCause)
        #expect(finding.related.map(\.description) == ["Service/shop/stock", "Deployment/shop/stock"])
        #expect(finding.message.contains("no pod is ready"))
    }

    @Test("given one client that is refused by a database which does well, then it asks in the wrong place")
    func wrongPort() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: Self.mysqlRefused)
        try cluster.program("stock")
        try cluster.program("db", image: "percona:8", port: 3306)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .databasePortInvalid)
        #expect(cause.object.description == "Deployment/shop/orders")
    }

    @Test("given several clients that are refused, or a database that is not ready, then no client is blamed")
    func notTheClient() throws {
        var several = Fixture()
        for name in ["orders", "stock"] { try several.program(name, crashes: true, log: Self.mysqlRefused) }
        try several.program("db", image: "percona:8", port: 3306)
        #expect(several.findings(of: DependencyUnavailableAnalyzer()).allSatisfy { $0.confidence < 0.5 })

        var unready = Fixture()
        try unready.program("orders", crashes: true, log: Self.mysqlRefused)
        try unready.program("db", image: "percona:8", port: 3306, ready: false)
        let findings = unready.findings(of: DependencyUnavailableAnalyzer())
        #expect(findings.contains { $0.causeClass == .dependencyUnavailable && !$0.isCause })
        #expect(findings.allSatisfy { !$0.isCause })
    }

    @Test("given a client that also says that its credentials are refused, then its port is right")
    func otherWords() throws {
        var cluster = Fixture()
        try cluster.program(
            "orders",
            crashes: true,
            log: Self.mysqlRefused + ["Access denied for user 'app'@'10.0.0.1'"]
        )
        try cluster.program("db", image: "percona:8", port: 3306)
        #expect(cluster.findings(of: DependencyUnavailableAnalyzer()).isEmpty)
        #expect(cluster.conclusion.rootCause?.causeClass == .databaseCredentialsInvalid)
    }

    @Test("given a sidecar that does not reach its own pod, then nothing is said")
    func local() throws {
        var cluster = Fixture()
        let line = "Get \"http://localhost:15090/\": dial tcp 127.0.0.1:15090: connect: connection refused"
        try cluster.program("orders", ready: false, log: [line, line])
        #expect(cluster.findings(of: DependencyUnavailableAnalyzer()).isEmpty)
        #expect(cluster.findings(of: DependencyAddressAnalyzer()).isEmpty)
    }
}
