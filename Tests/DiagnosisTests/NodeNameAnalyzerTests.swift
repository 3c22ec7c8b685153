// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("NodeNameAnalyzer")
struct NodeNameAnalyzerTests {
    private func cluster(
        node: String,
        status: String = #"{"phase": "Pending"}"#,
        isComplete: Bool = true
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"containers": [{"name": "app"}], "nodeName": "\#(node)"}"#,
            status: status
        )
        for name in ["worker-1", "worker-2"] { try cluster.add(\.nodes, name) }
        if isComplete { cluster.complete(\.nodes) }
        return cluster
    }

    @Test("given a pod that names a node which does not exist, then that is the cause, with the nearest name")
    func missing() throws {
        let cause = try #require(try cluster(node: "worker-3").conclusion.rootCause)
        #expect(cause.causeClass == .nodeNotFound)
        #expect(cause.message.contains("worker-3"))
        #expect(cause.message.contains("there is worker-1"))
    }

    @Test("given a node that exists, then nothing is said about it")
    func present() throws {
        #expect(try cluster(node: "worker-1").findings(.nodeNotFound).isEmpty)
    }

    @Test("given nodes that were not all read, then nobody can tell")
    func unread() throws {
        #expect(try cluster(node: "worker-3", isComplete: false).findings(.nodeNotFound).isEmpty)
    }

    @Test("given a pod that a scheduler has bound to a node which is gone since, then the name is no slip")
    func bound() throws {
        let status = #"{"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "True"}]}"#
        #expect(try cluster(node: "worker-3", status: status).findings(.nodeNotFound).isEmpty)
        #expect(try cluster(node: "worker-3", status: #"{"phase": "Running"}"#).findings(.nodeNotFound).isEmpty)
    }
}
