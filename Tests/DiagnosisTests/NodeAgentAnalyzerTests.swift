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
}
