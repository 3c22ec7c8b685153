// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("What the objects say about a pod without a node")
struct SchedulingProofTests {
    private func cluster(_ message: String, spec: String, nodes: [(String, [String: String], String)]) throws -> Fixture
    {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: spec,
            status: """
                {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                  "reason": "Unschedulable", "message": "0/2 nodes are available: \(message)"}]}
                """
        )
        for (name, labels, json) in nodes { try cluster.add(\.nodes, name, labels: labels, json) }
        cluster.complete(\.nodes)
        return cluster
    }

    private func finding(_ cluster: Fixture) throws -> Finding {
        try #require(Analyzers.findings(in: cluster.snapshot).first { $0.object.name == "web-1" && $0.isCause })
    }

    private static func requests(_ requests: String, more: String = "") -> String {
        #"{"containers": [{"name": "app", "resources": {"requests": \#(requests)}}]\#(more)}"#
    }

    private static func allocatable(_ cpu: String, _ memory: String) -> String {
        #""status": {"allocatable": {"cpu": "\#(cpu)", "memory": "\#(memory)"}}"#
    }

    @Test("given a request larger than any node, then that is said with both figures")
    func largerThanAnyNode() throws {
        let cluster = try cluster(
            "2 Insufficient memory.",
            spec: Self.requests(#"{"memory": "64Gi"}"#),
            nodes: [("a", [:], Self.allocatable("4", "8Gi")), ("b", [:], Self.allocatable("4", "16Gi"))]
        )
        let finding = try finding(cluster)
        #expect(finding.causeClass == .insufficientMemory)
        #expect(finding.message.contains("64Gi"))
        #expect(finding.message.contains("16Gi"))
    }

    @Test("given a request that fits a node in principle, then what is free on each is evidence")
    func free() throws {
        var cluster = try cluster(
            "1 Insufficient cpu, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }.",
            spec: Self.requests(#"{"cpu": "2"}"#),
            nodes: [
                ("a", [:], Self.allocatable("4", "8Gi")),
                (
                    "c", [:],
                    #""spec": {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]}"#
                ),
            ]
        )
        try cluster.rawPod(
            "busy",
            spec: """
                {"containers": [{"name": "app", "resources": {"requests": {"cpu": "2500m"}}}],
                 "initContainers": [{"name": "init", "resources": {"requests": {"cpu": "3"}}}], "nodeName": "a"}
                """,
            status: #"{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}"#
        )
        let unknown = try finding(cluster)
        #expect(unknown.evidence.contains { $0.object.name == "a" && $0.text == "4" })
        cluster.edit { $0.coverage["Pod"] = .everything }
        let finding = try finding(cluster)
        // The init container needs more than the container, and then no longer: the larger one counts.
        #expect(finding.evidence.contains { $0.object.name == "a" && $0.text == "1 free of 4" })
        #expect(!finding.evidence.contains { $0.object.name == "c" })
    }

    @Test("given two lacking resources of which only one could ever be had, then the other is the cause")
    func impossible() throws {
        let spec = Self.requests(#"{"cpu": "64", "memory": "1Gi"}"#)
        let nodes = [("a", [String: String](), Self.allocatable("4", "8Gi"))]
        let message = "1 Insufficient cpu, 2 Insufficient memory."
        #expect(try finding(cluster(message, spec: spec, nodes: nodes)).causeClass == .insufficientCPU)
        let modest = Self.requests(#"{"cpu": "1", "memory": "1Gi"}"#)
        #expect(try finding(cluster(message, spec: modest, nodes: nodes)).causeClass == .insufficientMemory)
    }

    @Test("given a label that almost exists, then what was meant is named")
    func typingError() throws {
        func message(_ value: String) throws -> String {
            try finding(
                cluster(
                    "2 node(s) didn't match Pod's node affinity/selector.",
                    spec: #"{"containers": [], "nodeSelector": {"disktype": "\#(value)"}}"#,
                    nodes: [("a", ["disktype": "ssd"], ""), ("b", [:], "")].map { ($0.0, $0.1, #""spec": {}"#) }
                )
            ).message
        }
        #expect(try message("sdd").hasSuffix("there is ssd"))
        #expect(try !message("spinning").contains("there is"))
    }

    @Test("given an affinity that only leaves out nodes, then the cordoned control plane was not meant")
    func controlPlane() throws {
        let spec = """
            {"containers": [], "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
              {"nodeSelectorTerms": [{"matchExpressions": [
                {"key": "state", "operator": "NotIn", "values": ["maintenance"]}]}]}}}}
            """
        func answer(_ label: String) throws -> CauseClass {
            try finding(
                cluster(
                    "1 node(s) were unschedulable, 1 node(s) didn't match Pod's node affinity/selector.",
                    spec: spec,
                    nodes: [
                        ("a", ["state": "maintenance"], #""spec": {}"#),
                        ("c", [label: ""], #""spec": {"unschedulable": true}"#),
                    ]
                )
            ).causeClass
        }
        #expect(try answer("node-role.kubernetes.io/control-plane") == .nodeAffinityMismatch)
        #expect(try answer("team") == .nodeCordoned)
    }

    @Test("given taints, cordons, ports and other pods, then the objects behind them are named")
    func related() throws {
        let tainted = try finding(
            cluster(
                "2 node(s) had untolerated taint {team: data}.",
                spec: #"{"containers": []}"#,
                nodes: [("a", [:], #""spec": {"taints": [{"key": "team", "value": "data", "effect": "NoSchedule"}]}"#)]
            )
        )
        #expect(tainted.related.map(\.name) == ["a"])
        #expect(tainted.evidence.contains { $0.text == "team=data:NoSchedule" })

        let cordoned = try finding(
            cluster(
                "2 node(s) were unschedulable.",
                spec: #"{"containers": []}"#,
                nodes: [("a", [:], #""spec": {"unschedulable": true}"#), ("b", [:], #""spec": {}"#)]
            )
        )
        #expect(cordoned.related.map(\.name) == ["a"])

        var ports = try cluster(
            "2 node(s) didn't have free ports for the requested pod ports.",
            spec: #"{"containers": [{"name": "app", "ports": [{"containerPort": 80, "hostPort": 8080}]}]}"#,
            nodes: []
        )
        try ports.rawPod(
            "holder",
            spec: """
                {"nodeName": "a", "containers": [{"name": "app", "ports": [{"containerPort": 1, "hostPort": 8080}]}]}
                """,
            status: #"{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}"#
        )
        #expect(try finding(ports).message.contains("8080"))
        #expect(try finding(ports).related.map(\.name) == ["holder"])
    }

    @Test("given a claim that is being deleted, then it is not called missing")
    func beingDeleted() throws {
        let cluster = try cluster(
            #"persistentvolumeclaim \"data\" is being deleted."#,
            spec: #"{"containers": []}"#,
            nodes: []
        )
        #expect(try finding(cluster).causeClass == .claimBeingDeleted)
    }
}
