// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("NodeAgentAnalyzer")
struct NodeAgentAnalyzerTests {
    private func cluster(aIsReady: Bool = true) throws -> Fixture {
        var cluster = Fixture()
        for name in ["a", "b"] {
            let status = name == "a" && !aIsReady ? "False" : "True"
            try cluster.add(
                \.nodes,
                name,
                #""status": {"conditions": [{"type": "Ready", "status": "\#(status)", "reason": "x"}]}"#
            )
        }
        return cluster
    }

    private func pod(_ cluster: inout Fixture, _ name: String, on node: String, ready: Bool, owner: String) throws {
        try cluster.rawPod(
            name,
            owner: owner,
            spec: #"{"containers": [{"name": "app"}], "nodeName": "\#(node)"}"#,
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "\(ready ? "True" : "False")"}]}
                """
        )
    }

    @Test("given one kube-proxy that is down while others run, then its node is at fault")
    func proxy() throws {
        func answer(b: Bool) throws -> Cause? {
            var cluster = try cluster()
            try pod(&cluster, "kube-proxy-1", on: "a", ready: false, owner: "DaemonSet/kube-proxy")
            try pod(&cluster, "kube-proxy-2", on: "b", ready: b, owner: "DaemonSet/kube-proxy")
            return cluster.conclusion.candidates.first { $0.causeClass == .kubeProxyUnavailable }
        }
        #expect(try answer(b: true)?.object.description == "Node/a")
        // All of them down: it is not a node's fault.
        #expect(try answer(b: false) == nil)
    }

    private func failures(_ count: Int, on nodes: [String], aIsReady: Bool = true, well: Int = 4) throws -> Cause? {
        var cluster = try cluster(aIsReady: aIsReady)
        for index in 0..<count {
            let node = nodes[index % nodes.count]
            try pod(&cluster, "bad-\(index)", on: node, ready: false, owner: "StatefulSet/bad\(index)")
        }
        for index in 0..<well { try pod(&cluster, "good-\(index)", on: "b", ready: true, owner: "StatefulSet/good") }
        return cluster.conclusion.candidates.first { $0.causeClass == .nodeSuspected }
    }

    @Test("given failures of several workloads on one node only, then the node is suspected")
    func suspected() throws {
        let cause = try #require(try failures(4, on: ["a"]))
        #expect(cause.object.description == "Node/a")
        #expect(cause.confidence <= 0.5)
    }

    @Test("given few failures, failures on several nodes, or a node that says what it has, then no node is suspected")
    func notSuspected() throws {
        #expect(try failures(2, on: ["a"]) == nil)
        #expect(try failures(6, on: ["a", "b"]) == nil)
        #expect(try failures(4, on: ["a"], well: 1) == nil)
        #expect(try failures(4, on: ["a"], aIsReady: false) == nil)
    }

    // MARK: Services that do not answer

    /// A ready Service, and clients on nodes that get no answer from its address.
    private func silence(
        on nodes: [String] = ["a"],
        line: String = "ERROR dial tcp 10.96.7.7:80: i/o timeout",
        change: (inout Fixture) throws -> Void = { _ in }
    ) throws -> Cause? {
        var cluster = try cluster()
        try cluster.program("cart")
        try cluster.service("cart", port: 80)
        for (index, node) in nodes.enumerated() {
            try cluster.program("web\(index)", log: [line, line])
            cluster.edit { $0.pods[$0.pods.count - 1].spec.nodeName = node }
        }
        cluster.completeNamespace()
        try change(&cluster)
        return cluster.conclusion.candidates.first { $0.causeClass == .nodeSuspected }
    }

    @Test("given pods of one node to which a Service does not answer that does well, then the node is a candidate")
    func silent() throws {
        let cause = try #require(try silence())
        #expect(cause.object.description == "Node/a")
        #expect(cause.confidence < Conclusion.namingThreshold)
    }

    @Test("given clients on several nodes, an answer, a Service without pods, or a policy, then no node is suspected")
    func answered() throws {
        #expect(try silence(on: ["a", "b"]) == nil)
        #expect(try silence(line: "ERROR dial tcp 10.96.7.7:80: connect: connection refused") == nil)
        #expect(try silence(line: "ERROR dial tcp 10.96.9.9:80: i/o timeout") == nil)
        #expect(try silence { try $0.add(\.networkPolicies, "guard", #""spec": {"podSelector": {}}"#) } == nil)
        let unready = try silence { cluster in
            cluster.edit { $0.pods[0].status.conditions = [] }
        }
        #expect(unready == nil)
    }

    @Test("given names that do not resolve and addresses that do not answer, then the names are not the cause")
    func namesAndAddresses() throws {
        func answer(_ more: [String]) throws -> Cause? {
            var cluster = try cluster()
            try cluster.program("cart")
            try cluster.service("cart", port: 80)
            let name = "ERROR lookup cart on 10.96.0.10:53: no such host"
            try cluster.program("web", log: [name, name, name] + more)
            cluster.edit { $0.pods[$0.pods.count - 1].spec.nodeName = "a" }
            cluster.completeNamespace()
            cluster.complete(\.services)
            return cluster.conclusion.rootCause
        }
        #expect(try answer([])?.causeClass == .dnsResolutionFailure)
        #expect(
            try answer(["ERROR dial tcp 10.96.7.7:80: i/o timeout", "ERROR dial tcp 10.96.7.7:80: i/o timeout"]) == nil
        )
    }
}
