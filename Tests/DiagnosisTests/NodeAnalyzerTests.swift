// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("NodeAnalyzer")
struct NodeAnalyzerTests {
    private static func ready(_ status: String, _ reason: String, _ message: String = "") -> String {
        #"{"type": "Ready", "status": "\#(status)", "reason": "\#(reason)", "message": "\#(message)"}"#
    }

    /// A node `a` with conditions, and a pod on it.
    private func cluster(_ conditions: String, podReady: Bool = false) throws -> Fixture {
        var cluster = Fixture()
        try cluster.deployment("web", ready: podReady ? 1 : 0)
        try cluster.rawPod(
            "web-1",
            owner: "ReplicaSet/web",
            spec: #"{"containers": [{"name": "app"}], "nodeName": "a"}"#,
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "\(podReady ? "True" : "False")"}],
                 "containerStatuses": [{"name": "app", "ready": true, "state": {"running": {}}}]}
                """
        )
        try cluster.add(\.nodes, "a", #""status": {"conditions": [\#(conditions)]}"#)
        return cluster
    }

    @Test(
        "given a node that is not ready, then its condition tells which part of it is down",
        arguments: [
            (ready("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."), "KubeletUnavailable"),
            (ready("False", "KubeletNotReady", "container runtime is down"), "ContainerRuntimeUnavailable"),
            (
                ready("False", "KubeletNotReady", "PLEG is not healthy: pleg was last seen active 3m ago"),
                "ContainerRuntimeUnavailable"
            ),
            (
                ready(
                    "False",
                    "KubeletNotReady",
                    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
                        + "message:Network plugin returns error: cni plugin not initialized"
                ),
                "NetworkPluginFailed"
            ),
            (ready("False", "KubeletNotReady", "the sky has fallen"), "NodeNotReady"),
        ]
    )
    func notReady(condition: String, expected: String) throws {
        let cause = try #require(try cluster(condition).conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.object.description == "Node/a")
        #expect(cause.severity == .critical)
    }

    @Test("given a node that is not ready, then a warning of it from the same time names the part that is down")
    func eventNamesThePart() throws {
        let since = Fixture.now.advanced(by: .seconds(-60))
        let condition = """
            {"type": "Ready", "status": "False", "reason": "KubeletNotReady", "lastTransitionTime": "\(since)"}
            """
        func answer(secondsAgo: Int) throws -> CauseClass? {
            var cluster = try cluster(condition)
            var event = Event(metadata: ObjectMeta())
            event.involvedObject = ObjectReference(kind: "Node", name: "a", uid: "a")
            event.type = "Warning"
            event.reason = "ContainerGCFailed"
            event.message = "rpc error: dial unix /run/containerd/containerd.sock: connect: no such file or directory"
            event.lastTimestamp = Fixture.now.advanced(by: .seconds(-secondsAgo))
            cluster.edit { $0.events.append(event) }
            return cluster.conclusion.rootCause?.causeClass
        }
        #expect(try answer(secondsAgo: 30) == .containerRuntimeUnavailable)
        // An hour ago it was another trouble.
        #expect(try answer(secondsAgo: 3600) == .nodeNotReady)
    }

    @Test("given a certificate that has expired, then it is why the kubelet is silent")
    func certificate() throws {
        var cluster = try cluster(Self.ready("Unknown", "NodeStatusUnknown"))
        var event = Event(metadata: ObjectMeta())
        event.involvedObject = ObjectReference(kind: "Node", name: "a")
        event.type = "Warning"
        event.message = "x509: certificate has expired or is not yet valid"
        event.lastTimestamp = Fixture.now
        cluster.edit { $0.events.append(event) }
        #expect(cluster.conclusion.rootCause?.causeClass == .kubeletCertificateExpired)
    }

    @Test(
        "given another condition, then it counts if it has the bad value",
        arguments: [
            ("MemoryPressure", "True", "NodeMemoryPressure"), ("DiskPressure", "True", "NodeDiskPressure"),
            ("PIDPressure", "True", "NodePIDPressure"), ("NetworkUnavailable", "True", "NodeNetworkUnavailable"),
            ("KernelDeadlock", "True", "NodeKernelDeadlock"), ("ReadonlyFilesystem", "True", "NodeFilesystemReadOnly"),
            ("NTPProblem", "True", "NodeClockSkewed"), ("FrequentKubeletRestart", "True", "NodeProblemReported"),
            ("StorageReady", "False", "NodeProblemReported"), ("KubeletUnhealthy", "True", "NodeProblemReported"),
        ]
    )
    func otherConditions(type: String, status: String, expected: String) throws {
        let other = #"{"type": "\#(type)", "status": "\#(status)", "reason": "Because"}"#
        let cause = try #require(try cluster("\(Self.ready("True", "KubeletReady")), \(other)").conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
    }

    @Test(
        "given a condition with the good value, or one whose name tells neither, then nothing is found",
        arguments: [
            ("MemoryPressure", "False"), ("DiskPressure", "Unknown"), ("NetworkUnavailable", "False"),
            ("KernelDeadlock", "False"), ("StorageReady", "True"), ("SpotInstance", "True"), ("EtcdIsVoter", "True"),
        ]
    )
    func goodConditions(type: String, status: String) throws {
        let other = #"{"type": "\#(type)", "status": "\#(status)", "reason": "Because"}"#
        let cluster = try cluster("\(Self.ready("True", "KubeletReady")), \(other)", podReady: true)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a node in trouble on which nothing suffers, then it is a candidate and not the answer")
    func nobodySuffers() throws {
        let conclusion = try cluster(Self.ready("Unknown", "NodeStatusUnknown"), podReady: true).conclusion
        #expect(conclusion.rootCause == nil)
        #expect(conclusion.candidates.map(\.causeClass) == [.kubeletUnavailable])
    }

    @Test("given a question about the whole cluster, then a node that is down is an answer, unless it is to go")
    func wholeCluster() throws {
        var asked = try cluster(Self.ready("False", "KubeletNotReady", "container runtime is down"), podReady: true)
        asked.edit { $0.isOfWholeCluster = true }
        #expect(asked.conclusion.rootCause?.causeClass == .containerRuntimeUnavailable)
        #expect(asked.conclusion.rootCause?.confidence == 0.6)
        asked.edit { $0.nodes.update { $0.isUnschedulable = true } }
        #expect(asked.conclusion.rootCause == nil)
        let pressure = #"{"type": "MemoryPressure", "status": "True", "reason": "Because"}"#
        var pressed = try cluster("\(Self.ready("True", "KubeletReady")), \(pressure)", podReady: true)
        pressed.edit { $0.isOfWholeCluster = true }
        #expect(pressed.conclusion.rootCause == nil)
    }

    @Test("given a kubelet that is silent while others are not, then it is doubted although it counts as ready")
    func silent() throws {
        func answer(secondsAgo: Int) throws -> Cause? {
            let last = Fixture.now.advanced(by: .seconds(-secondsAgo))
            var cluster = try cluster(
                #"{"type": "Ready", "status": "True", "reason": "KubeletReady", "lastHeartbeatTime": "\#(last)"}"#
            )
            try cluster.add(
                \.nodes,
                "b",
                """
                "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
                  "lastHeartbeatTime": "\(Fixture.now)"}]}
                """
            )
            return cluster.conclusion.rootCause
        }
        #expect(try answer(secondsAgo: 1200)?.causeClass == .kubeletUnavailable)
        #expect(try answer(secondsAgo: 290) == nil)
    }

    @Test("given pods that suffer, then the nodes are consulted; given pods that do well, then they are not")
    func consults() throws {
        let suffering = try cluster("").snapshot
        let well = try cluster("", podReady: true).snapshot
        #expect(Analyzers.consults(in: suffering).contains(Node.apiResource))
        #expect(!Analyzers.consults(in: well).contains(Node.apiResource))
    }
}
