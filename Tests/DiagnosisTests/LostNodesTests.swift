// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("A node in trouble that a pending pod would fit on")
struct LostNodesTests {
    private static let lost = "1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 2 Insufficient cpu."

    /// Three nodes of four processors, of which one is lost with a replica of three processors, and a replica that
    /// waits.
    private func cluster(
        _ message: String = lost,
        request: String = "3",
        staying: Bool = false,
        taint: String = "node.kubernetes.io/unreachable",
        isInTrouble: Bool = true
    ) throws -> Fixture {
        var cluster = Fixture()
        for name in ["n1", "n2", "n3"] {
            let isLost = name == "n1"
            let taints = isLost ? #"[{"key": "\#(taint)", "effect": "NoSchedule"}]"# : "[]"
            try cluster.add(
                \.nodes,
                name,
                """
                "spec": {"taints": \(taints)}, "status": {"allocatable": {"cpu": "4", "memory": "8Gi"},
                  "conditions": [{"type": "Ready", "status": "\(isLost && isInTrouble ? "Unknown" : "True")"}]}
                """
            )
        }
        cluster.complete(\.nodes)
        let spec =
            #"{"nodeName": "n1", "containers": [{"name": "app", "resources": {"requests": {"cpu": "3"}}}]}"#
        try cluster.rawPod(
            "web-1",
            owner: staying ? nil : "ReplicaSet/web-abc",
            spec: spec,
            status: #"{"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}]}"#,
            more: staying ? "" : #", "deletionTimestamp": "\#(Fixture.now)""#
        )
        try cluster.rawPod(
            "web-2",
            owner: "ReplicaSet/web-abc",
            spec: #"{"containers": [{"name": "app", "resources": {"requests": {"cpu": "\#(request)"}}}]}"#,
            status: """
                {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                  "reason": "Unschedulable", "message": "0/3 nodes are available: \(message)"}]}
                """
        )
        cluster.edit { $0.coverage["Pod"] = .everything }
        return cluster
    }

    private func pending(_ cluster: Fixture) throws -> Finding {
        try #require(Analyzers.findings(in: cluster.snapshot).first { $0.object.name == "web-2" && $0.isCause })
    }

    @Test(
        "given a lost node that would have room, then the node is why a pod finds none",
        arguments: [
            (lost, "node.kubernetes.io/unreachable"),
            ("1 node(s) had untolerated taint(s), 2 Insufficient cpu.", "node.kubernetes.io/unreachable"),
            (
                "1 node(s) had taint {node.kubernetes.io/not-ready: }, that the pod didn't tolerate, 2 Insufficient cpu.",
                "node.kubernetes.io/not-ready"
            ),
        ]
    )
    func room(message: String, taint: String) throws {
        let cluster = try cluster(message, taint: taint)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.object.description == "Node/n1")
        #expect(cause.explains.contains { $0.name == "web-abc" || $0.name == "web-2" })
        let finding = try pending(cluster)
        #expect(finding.causeClass == .insufficientCPU)
        #expect(finding.confidence == 0.65)
    }

    @Test("given a pod that the lost node could not hold either, then the request is the cause")
    func tooLarge() throws {
        // Even if the node is just losing one like it, whose request was smaller.
        for staying in [true, false] {
            let finding = try pending(cluster(request: "30", staying: staying))
            #expect(finding.related.allSatisfy { $0.kind != "Node" })
            #expect(finding.confidence == 0.95)
        }
    }

    @Test("given a lost node whose pods stay, then it would not have had room")
    func full() throws {
        #expect(try pending(cluster(staying: true)).confidence == 0.95)
    }

    @Test("given a taint that somebody has set, or a node that is well again, then no node is lost")
    func notLost() throws {
        let team = "1 node(s) had untolerated taint {team: data}, 2 Insufficient cpu."
        #expect(try pending(cluster(team, taint: "team")).confidence == 0.95)
        #expect(try pending(cluster(isInTrouble: false)).confidence == 0.95)
    }
}
