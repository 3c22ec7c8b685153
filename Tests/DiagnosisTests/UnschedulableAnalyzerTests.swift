// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

@Suite("UnschedulableAnalyzer")
struct UnschedulableAnalyzerTests {
    private static let plain = #"{"containers": [{"name": "app"}]}"#
    private static let selecting = #"{"containers": [{"name": "app"}], "nodeSelector": {"disk": "nvme"}}"#
    private static let affine = """
        {"containers": [{"name": "app"}], "affinity": {"nodeAffinity":
          {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}}
        """

    private static func created(_ age: Int?) -> String {
        age.map { #", "creationTimestamp": "\#(Fixture.now.advanced(by: .seconds(-$0)))""# } ?? ""
    }

    private func cluster(
        _ message: String,
        spec: String = plain,
        owner: String? = nil,
        age: Int? = nil
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            owner: owner,
            spec: spec,
            status: """
                {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                  "reason": "Unschedulable", "message": "\(message)"}]}
                """,
            more: Self.created(age)
        )
        return cluster
    }

    @Test(
        "given the scheduler's words, then the reason is named",
        arguments: [
            ("0/3 nodes are available: 3 Insufficient cpu.", plain, "InsufficientCPU"),
            ("0/3 nodes are available: 1 Insufficient cpu, 2 Insufficient memory.", plain, "InsufficientMemory"),
            ("0/3 nodes are available: 3 Insufficient example.invalid/gpu.", plain, "InsufficientNodeResources"),
            ("0/3 nodes are available: 3 Too many pods.", plain, "InsufficientNodeResources"),
            (
                "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, "
                    + "2 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found.",
                plain, "InsufficientCPU"
            ),
            ("0/2 nodes are available: 2 node(s) had untolerated taint {team: data}.", plain, "UntoleratedTaint"),
            (
                "0/2 nodes are available: 2 node(s) had taint {team: data}, that the pod didn't tolerate.", plain,
                "UntoleratedTaint"
            ),
            (
                "0/2 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, "
                    + "1 node(s) had untolerated taint {team: data}.",
                plain, "UntoleratedTaint"
            ),
            (
                "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.", plain,
                "NodeNotReady"
            ),
            (
                "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.", selecting,
                "NodeSelectorMismatch"
            ),
            (
                "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.", affine,
                "NodeAffinityMismatch"
            ),
            (
                "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.", plain,
                "PodAntiAffinityConflict"
            ),
            ("0/2 nodes are available: 2 node(s) didn't match pod affinity rules.", plain, "PodAffinityMismatch"),
            ("0/2 nodes are available: 2 node(s) were unschedulable.", plain, "NodeCordoned"),
            (
                "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.", plain,
                "PersistentVolumeClaimUnbound"
            ),
            (
                #"0/2 nodes are available: persistentvolumeclaim \"data\" not found."#, plain,
                "PersistentVolumeClaimNotFound"
            ),
            (
                "0/2 nodes are available: 2 node(s) had volume node affinity conflict.", plain,
                "VolumeNodeAffinityConflict"
            ),
            (
                "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports.", plain,
                "HostPortConflict"
            ),
            (
                "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.", plain,
                "TopologySpreadConflict"
            ),
        ]
    )
    func reasons(message: String, spec: String, expected: String) throws {
        let cause = try #require(try cluster(message, spec: spec).conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(!cause.message.contains("0/"))
    }

    private static func node(_ name: String, _ labels: [String: String], cordoned: Bool = false) -> Node {
        var node = Node(metadata: ObjectMeta(name: name, labels: labels))
        node.isUnschedulable = cordoned
        return node
    }

    @Test("given a selector and the nodes, then what keeps the pod off the nodes that it means is the cause")
    func selectorAgainstNodes() throws {
        let message = """
            0/3 nodes are available: 1 node(s) were unschedulable, 1 node(s) had untolerated taint {team: data}, \
            1 node(s) didn't match Pod's node affinity/selector.
            """
        func answer(_ nodes: [Node]?) throws -> CauseClass? {
            var cluster = try cluster(message, spec: Self.selecting)
            cluster.edit { if let nodes { $0.nodes = Inventory(nodes, coverage: .everything) } }
            return cluster.conclusion.rootCause?.causeClass
        }
        let other = Self.node("a", ["disk": "slow"])
        #expect(try answer([other, Self.node("b", [:], cordoned: true)]) == .nodeSelectorMismatch)
        #expect(try answer([other, Self.node("b", ["disk": "nvme"], cordoned: true)]) == .nodeCordoned)
        #expect(try answer([other, Self.node("b", ["disk": "nvme"])]) == .untoleratedTaint)
        var partly = try cluster(message, spec: Self.selecting)
        partly.edit { $0.nodes = Inventory([other], coverage: .nothing) }
        #expect(partly.conclusion.rootCause?.causeClass == .untoleratedTaint, "the others may be what is meant")
        let unreachable = """
            0/2 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, \
            1 node(s) didn't match Pod's node affinity/selector.
            """
        var lost = try cluster(unreachable, spec: Self.selecting)
        lost.edit {
            $0.nodes = Inventory([other, Self.node("b", ["disk": "nvme"])], coverage: .everything)
        }
        #expect(lost.conclusion.rootCause?.causeClass == .nodeNotReady)
        #expect(lost.conclusion.rootCause?.object.description == "Node/b")
        // What is known of them is enough if it is what the selector means.
        lost.edit { $0.nodes = Inventory([Self.node("b", ["disk": "nvme"])], coverage: .nothing) }
        #expect(lost.conclusion.rootCause?.object.description == "Node/b")
        let full = unreachable.replacing("unreachable", with: "disk-pressure")
        var pressed = try cluster(full, spec: Self.selecting)
        pressed.edit { $0.nodes = Inventory([Self.node("b", ["disk": "nvme"])], coverage: .everything) }
        #expect(pressed.conclusion.rootCause?.causeClass == .nodeDiskPressure)
        let control = unreachable.replacing("node.kubernetes.io/unreachable", with: "node-role.kubernetes.io/master")
        var master = try cluster(control, spec: Self.selecting)
        master.edit { $0.nodes = Inventory([Self.node("b", ["disk": "nvme"])], coverage: .everything) }
        #expect(master.conclusion.rootCause?.object.kind != "Node")
        // Nobody could look at the nodes: a taint that somebody has set is the best guess.
        #expect(try answer(nil) == .untoleratedTaint)
    }

    @Test("given a pod of a DaemonSet, then the nodes that it is not meant for are not why it has no node")
    func daemonSet() throws {
        let message = """
            0/4 nodes are available: 1 node(s) were unschedulable, 3 node(s) didn't match Pod's node affinity/selector.
            """
        let cause = try #require(
            try cluster(message, spec: Self.affine, owner: "DaemonSet/agent").conclusion.rootCause
        )
        #expect(cause.causeClass == .nodeCordoned)
    }

    @Test("given a condition without a message, then the scheduler's event has it")
    func fromEvent() throws {
        var cluster = try cluster("")
        try cluster.event(
            about: "web-1",
            reason: "FailedScheduling",
            message: "0/1 nodes are available: 1 Insufficient cpu."
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .insufficientCPU)
    }

    @Test("given a pod that was unschedulable once and runs, then its old event does not count")
    func scheduled() throws {
        var cluster = Fixture()
        try cluster.pod("web-1", ready: true, status: #""restartCount": 0, "state": {"running": {}}"#)
        try cluster.event(
            about: "web-1",
            reason: "FailedScheduling",
            message: "0/1 nodes are available: 1 Insufficient cpu."
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test(
        "given words that stand for no known reason, then they are quoted without the counts",
        arguments: [
            ("0/2 nodes are available: 2 cannot allocate all claims.", "cannot allocate all claims"),
            (
                "0/2 nodes are available: 2 node(s) did not have enough free storage.",
                "did not have enough free storage"
            ),
            (
                "0/2 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, "
                    + "1 node(s) didn't match PodSet placement. preemption: 0/2 nodes are available.",
                "didn't match PodSet placement"
            ),
            (#"0/2 nodes are available: resourceclaim \"gpu\" not found."#, #"resourceclaim "gpu" not found"#),
            (#"running PreFilter plugin \"Coscheduling\": too few pods"#, "too few pods"),
            ("no nodes available to schedule pods", "no nodes available to schedule pods"),
        ]
    )
    func otherWords(message: String, quoted: String) throws {
        let cause = try #require(try cluster(message, age: 300).conclusion.rootCause)
        #expect(cause.causeClass == .podUnschedulable)
        #expect(cause.message.contains(quoted))
        #expect(!cause.message.contains("0/2"))
        #expect(!cause.message.contains("2 node(s)"))
        #expect(cause.confidence == 0.6)
    }

    @Test("given such words about a pod that has just been made, then the scheduler gets its time")
    func otherWordsAtOnce() throws {
        let message = "0/1 nodes are available: 1 node(s) are in a bad mood."
        #expect(try cluster(message, age: 20).conclusion.rootCause == nil)
        #expect(try cluster(message).conclusion.rootCause == nil)
    }

    @Test("given an error of the scheduler itself, then its words are quoted")
    func schedulerError() throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            status: """
                {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                  "reason": "SchedulerError", "message": "running Bind plugin: no answer of the extender"}]}
                """,
            more: Self.created(300)
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .podUnschedulable)
    }

    @Test("given scheduling gates, then they are named")
    func gates() throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"containers": [], "schedulingGates": [{"name": "example.invalid/quota"}]}"#,
            status: """
                {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                  "reason": "SchedulingGated"}]}
                """
        )
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .schedulingGated)
        #expect(cause.message.hasSuffix("example.invalid/quota"))
    }

    @Test("given a pod of which no scheduler says anything, then the scheduler is missing; but not at once")
    func noScheduler() throws {
        func answer(age: Int, spec: String = Self.plain) throws -> Cause? {
            var cluster = Fixture()
            try cluster.rawPod(
                "web-1",
                spec: spec,
                status: #"{"phase": "Pending"}"#,
                more: #", "creationTimestamp": "\#(Fixture.now.advanced(by: .seconds(-age)))""#
            )
            return cluster.conclusion.rootCause
        }
        #expect(try answer(age: 300)?.causeClass == .schedulerUnavailable)
        #expect(try answer(age: 300)?.object.kind == "ControlPlane")
        #expect(try answer(age: 300, spec: #"{"containers": [], "schedulerName": "own"}"#)?.object.kind == "Pod")
        #expect(try answer(age: 20) == nil)
        #expect(try answer(age: 300, spec: #"{"containers": [], "nodeName": "a"}"#) == nil)
    }
}
