// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("NameResolutionAnalyzer")
struct NameResolutionAnalyzerTests {
    private static let unknown = "dial tcp: lookup stock on 10.96.0.10:53: no such host"
    private static let silent = "lookup stock on 10.9.9.9:53: read udp 10.1.1.1:40000->10.9.9.9:53: i/o timeout"

    private func cluster(_ spec: String = "", log: String = unknown, crashes: Bool = true) throws -> Fixture {
        var cluster = Fixture()
        try cluster.program("orders", crashes: crashes, log: [log, log, log], spec: spec)
        try cluster.add(
            \.services,
            "kube-dns",
            #""spec": {"clusterIP": "10.96.0.10", "selector": {"k8s-app": "kube-dns"}, "ports": [{"port": 53}]}"#
        )
        cluster.edit { snapshot in
            var dns = snapshot.services.items[0]
            dns.metadata.namespace = "kube-system"
            snapshot.services = Inventory([dns], coverage: .everything)
        }
        return cluster
    }

    @Test("given a pod that asks a name server of its own, then the pod is to blame, whatever the name")
    func foreignServer() throws {
        let spec = #", "dnsPolicy": "None", "dnsConfig": {"nameservers": ["10.9.9.9"], "searches": ["x"]}"#
        let cause = try #require(cluster(spec, log: Self.silent).conclusion.rootCause)
        #expect(cause.causeClass == .dnsResolutionFailure)
        #expect(cause.object.description == "Deployment/shop/orders")
        #expect(cause.confidence == 0.95)
    }

    @Test("given a pod with a configuration of its own that names the cluster's servers, then it is not that")
    func ownConfiguration() throws {
        let spec = #", "dnsPolicy": "None", "dnsConfig": {"nameservers": ["10.96.0.10"]}"#
        let findings = try cluster(spec).findings(of: NameResolutionAnalyzer())
        #expect(!findings.isEmpty)
        #expect(findings.allSatisfy { $0.causeClass != .dnsResolutionFailure })
    }

    @Test("given a pod that asks as its node does, then it cannot find a Service that there is")
    func nodesServers() throws {
        for spec in [#", "dnsPolicy": "Default""#, #", "hostNetwork": true"#] {
            var cluster = try cluster(spec)
            try cluster.service("stock", port: 80)
            let finding = try #require(cluster.findings(of: NameResolutionAnalyzer()).first)
            #expect(finding.causeClass == .dnsResolutionFailure)
            #expect(finding.confidence > 0.9)
        }
    }

    @Test("given a name that no Service has, then it is the client's, told by its variable or by its log")
    func missingService() throws {
        let finding = try #require(cluster().findings(of: NameResolutionAnalyzer()).first)
        #expect(finding.causeClass == .dependencyHostUnresolvable)
        #expect(finding.related.map(\.description) == ["Service/shop/stock"])

        var named = try cluster()
        named.edit { snapshot in
            var variable = EnvironmentVariable()
            variable.name = "STOCK_ADDR"
            variable.value = "stock:80"
            snapshot.pods[0].spec.containers[0].environment = [variable]
        }
        #expect(named.conclusion.rootCause?.causeClass == .dependencyAddressInvalid)
    }

    @Test("given that the namespace may have no more Services, then the name may be right")
    func quota() throws {
        var cluster = try cluster()
        try cluster.add(\.resourceQuotas, "few", #""status": {"hard": {"services": "3"}, "used": {"services": "3"}}"#)
        #expect(cluster.findings(of: NameResolutionAnalyzer()).allSatisfy { $0.confidence < 0.5 })
    }

    @Test("given that Services may be there which were not seen, then nothing is concluded from a name")
    func unknownServices() throws {
        var cluster = try cluster()
        cluster.edit { $0.services = Inventory() }
        let findings = cluster.findings(of: NameResolutionAnalyzer())
        #expect(findings.allSatisfy { $0.related.isEmpty && $0.confidence <= 0.7 })
    }

    @Test("given a program that does well all the same, then a name that it misses once is no trouble")
    func working() throws {
        var cluster = try cluster(crashes: false)
        cluster.edit { $0.logs[0].lines = [Self.unknown] + [String](repeating: "GET / 200", count: 50) }
        #expect(cluster.findings(of: NameResolutionAnalyzer()).isEmpty)
    }

    @Test("given that no pod behind the cluster's DNS is ready, then that is the cause and not the clients")
    func clusterDNS() throws {
        var cluster = try cluster(log: "lookup stock on 10.96.0.10:53: server misbehaving")
        try cluster.add(\.endpoints, "kube-dns", #""subsets": []"#)
        cluster.edit { snapshot in
            var endpoints = snapshot.endpoints.items[0]
            endpoints.metadata.namespace = "kube-system"
            snapshot.endpoints = Inventory([endpoints], coverage: .everything)
        }
        let finding = try #require(cluster.findings(of: NameResolutionAnalyzer()).first)
        #expect(finding.causeClass == .clusterDNSUnavailable)
        #expect(finding.owner.description == "Service/kube-system/kube-dns")
    }

    @Test("given a headless Service without a ready pod, then its name does not resolve, and that is a symptom")
    func headless() throws {
        var cluster = try cluster()
        try cluster.program("stock", ready: false)
        try cluster.service("stock", port: 80, address: "None")
        cluster.completeNamespace()
        let finding = try #require(cluster.findings(of: NameResolutionAnalyzer()).first)
        #expect(finding.causeClass == .dependencyUnavailable)
        #expect(!finding.isCause)
    }

    @Test("given name servers that do not answer a pod which asks as all do, then the pod is not blamed")
    func silentServers() throws {
        let findings = try cluster(log: "lookup stock on 10.96.0.10:53: i/o timeout").findings(
            of: NameResolutionAnalyzer()
        )
        // Nobody has the name either, which explains it better than the servers do.
        #expect(findings.allSatisfy { $0.causeClass != .dnsResolutionFailure || $0.confidence < 0.5 })
    }
}
