// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ClusterDNSAnalyzer")
struct ClusterDNSAnalyzerTests {
    private func cluster(replicas: Int, ready: Bool) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("coredns", labels: #"{"k8s-app": "kube-dns"}"#, replicas: replicas, ready: ready)
        try cluster.service("kube-dns", selector: #"{"k8s-app": "kube-dns"}"#)
        cluster.edit { snapshot in
            let services = snapshot.services.items.map { service in
                var service = service
                service.metadata.namespace = "kube-system"
                return service
            }
            snapshot.services = Inventory(services, coverage: .everything)
            for index in snapshot.pods.indices { snapshot.pods[index].metadata.namespace = "kube-system" }
            for index in snapshot.workloads.indices { snapshot.workloads[index].metadata.namespace = "kube-system" }
            snapshot.coverage["Pod"] = .everything
        }
        return cluster
    }

    @Test("given a DNS that is scaled to zero, then that is the cause of much else")
    func gone() throws {
        let finding = try #require(try cluster(replicas: 0, ready: false).findings(.clusterDNSUnavailable).first)
        #expect(finding.isCause)
        #expect(finding.severity == .critical)
        #expect(finding.owner.description == "Deployment/kube-system/coredns")
    }

    @Test("given pods that are not ready, then why they are not is the question")
    func unready() throws {
        var cluster = try cluster(replicas: 1, ready: false)
        #expect(cluster.findings(.clusterDNSUnavailable).map(\.isCause) == [false])
        cluster.edit { $0.workloads = [] }
        #expect(cluster.findings(.clusterDNSUnavailable).map(\.isCause) == [false])
    }

    @Test("given a DNS that answers, then all is well")
    func healthy() throws {
        #expect(try cluster(replicas: 1, ready: true).conclusion.terminationReason == .healthy)
    }
}
