// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("AlertAnalyzer")
struct AlertAnalyzerTests {
    private func cluster() throws -> Fixture {
        var cluster = Fixture()
        for (index, name) in ["orders", "stock"].enumerated() {
            try cluster.program(name)
            try cluster.service(name, port: 80, address: "10.96.7.\(index + 1)")
        }
        try cluster.program("db", image: "mysql:8", port: 3306)
        return cluster
    }

    @Test("given an alert about an object, then it is a symptom of the workload")
    func symptom() throws {
        var cluster = try cluster()
        cluster.alert("RequestErrors", labels: ["namespace": "shop", "service": "stock"], "503")
        cluster.alert("PodSlow", labels: ["namespace": "shop", "pod": "orders-1", "severity": "critical"])
        let findings = cluster.findings(of: AlertAnalyzer())
        #expect(findings.map(\.owner.description) == ["Deployment/shop/stock", "Deployment/shop/orders"])
        #expect(findings.allSatisfy { !$0.isCause })
        #expect(cluster.conclusion.terminationReason == .inconclusive)
    }

    @Test(
        "given an alert that always fires, tells nothing bad or names nothing that there is, then nothing is said",
        arguments: [
            ("Watchdog", ["namespace": "shop", "service": "stock"]),
            ("Info", ["namespace": "shop", "service": "stock", "severity": "info"]),
            ("Other", ["namespace": "shop", "service": "nosuch"]),
            ("Elsewhere", ["namespace": "else", "service": "stock"]),
        ]
    )
    func silent(name: String, labels: [String: String]) throws {
        var cluster = try cluster()
        cluster.alert(name, labels: labels)
        #expect(cluster.findings(of: AlertAnalyzer()).isEmpty)
    }

    @Test("given several programs that fail only in writing, then the database is a candidate and no more")
    func writes() throws {
        var cluster = try cluster()
        for name in ["orders", "stock"] {
            cluster.alert(
                "Errors",
                labels: ["namespace": "shop", "service": name, "method": "POST"],
                "500 Server Error"
            )
        }
        let candidate = try #require(cluster.conclusion.candidates.first)
        #expect(candidate.causeClass == .databaseReadOnly)
        #expect(candidate.object.name == "db")
        #expect(cluster.conclusion.rootCause == nil)

        cluster.alert("Errors", labels: ["namespace": "shop", "service": "stock", "method": "GET"], "500 Server Error")
        #expect(cluster.conclusion.candidates.isEmpty)
    }
}
