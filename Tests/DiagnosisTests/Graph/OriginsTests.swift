// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

/// Troubles of what others stand on, and of what is made by something else, that come from somewhere.
@Suite("Origins")
struct OriginsTests {
    // MARK: Custom resources that others wait for

    private func add(_ cluster: inout Fixture, _ kind: String, _ name: String, ready: Bool, spec: String) throws {
        let object = try JSON.decode(
            CustomObject.self,
            from: """
                {"apiVersion": "example.com/v1", "kind": "\(kind)", "metadata": {"name": "\(name)", "namespace": "shop"},
                 "spec": \(spec), "status": {"conditions":
                   [{"type": "Ready", "status": "\(ready ? "True" : "False")", "reason": "R", "message": "in words"}]}}
                """
        )
        cluster.edit { $0.customObjects.add([object], coverage: .nothing) }
    }

    private func missingSecret(_ name: String) throws -> Fixture {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.pod(
            "web-1",
            of: "web",
            status: Fixture.waiting("CreateContainerConfigError", #"secret \"\#(name)\" not found"#)
        )
        return cluster
    }

    @Test(
        "given a missing Secret that a resource would write, and one that this names, then the last is the cause",
        arguments: [
            ("Certificate", "web", #"{"secretName": "web-tls", "issuerRef": {"kind": "Store", "name": "vault"}}"#),
            ("Sync", "web", #"{"target": {"name": "web-tls"}, "storeRef": {"kind": "Store", "name": "vault"}}"#),
            ("SyncedSecret", "web-tls", #"{"from": [{"storeRef": {"kind": "Store", "name": "vault"}}]}"#),
        ]
    )
    func makers(kind: String, name: String, spec: String) throws {
        var cluster = try missingSecret("web-tls")
        try add(&cluster, kind, name, ready: false, spec: spec)
        try add(&cluster, "Store", "vault", ready: false, spec: "{}")
        let conclusion = cluster.conclusion
        #expect(conclusion.rootCause?.object.description == "Store/shop/vault")
        #expect(conclusion.candidates.map(\.causeClass.rawValue).contains("SecretNotFound"))
    }

    @Test("given a missing Secret, and resources that are well or write other ones, then it is the cause itself")
    func noMakers() throws {
        var cluster = try missingSecret("web-tls")
        try add(&cluster, "Certificate", "web", ready: true, spec: #"{"secretName": "web-tls"}"#)
        try add(&cluster, "Certificate", "api", ready: false, spec: #"{"secretName": "api-tls"}"#)
        try add(&cluster, "Backup", "web-tls", ready: false, spec: "{}")
        #expect(cluster.conclusion.rootCause?.causeClass == .secretNotFound)
        #expect(cluster.findings(.secretNotFound).flatMap(\.related).map(\.kind) == ["Secret"])
    }

    private func waitingPod(_ message: String) throws -> Fixture {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.rawPod(
            "web-1",
            owner: "ReplicaSet/web",
            spec: #"{"containers": [{"name": "app"}]}"#,
            status: """
                {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                  "message": "\(message)"}]}
                """
        )
        try add(
            &cluster,
            "NodePool",
            "a",
            ready: false,
            spec: #"{"nodeClassRef": {"kind": "XNodeClass", "name": "x"}}"#
        )
        try add(&cluster, "XNodeClass", "x", ready: false, spec: "{}")
        return cluster
    }

    @Test("given no node with room, and nothing that could make one, then what keeps that from it is the cause")
    func nodeMakers() throws {
        let message = "0/3 nodes are available: 3 Insufficient cpu."
        #expect(try waitingPod(message).conclusion.rootCause?.object.description == "XNodeClass/shop/x")
        // Another one can make nodes, so it is not why there are none.
        var other = try waitingPod(message)
        try add(&other, "NodePool", "b", ready: true, spec: "{}")
        try add(&other, "XNodeClass", "y", ready: true, spec: "{}")
        #expect(other.conclusion.rootCause?.causeClass == .insufficientCPU)
        let selector = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."
        #expect(try waitingPod(selector).conclusion.rootCause?.object.name == "web")
    }

    // MARK: What a namespace waits for

    private func namespace(_ message: String, available: String = "False") throws -> Fixture {
        var namespace = Namespace(metadata: ObjectMeta(name: "shop"))
        namespace.metadata.deletionTimestamp = Fixture.now.advanced(by: .seconds(-600))
        namespace.conditions = [
            Condition(type: "NamespaceDeletionDiscoveryFailure", status: .true, reason: "D", message: message)
        ]
        var cluster = Fixture()
        cluster.edit { $0.namespaces.add([namespace], coverage: .everything) }
        try cluster.add(
            \.apiServices,
            "v1.metrics.example",
            """
            "spec": {"group": "metrics.example", "version": "v1", "service": {"namespace": "far", "name": "metrics"}},
            "status": {"conditions": [{"type": "Available", "status": "\(available)", "reason": "MissingEndpoints"}]}
            """
        )
        return cluster
    }

    @Test("given a namespace that stays because an API is not served, then the API is the cause")
    func discovery() throws {
        let words = "unable to retrieve the complete list of server APIs: metrics.example/v1: stale discovery"
        let conclusion = try namespace(words).conclusion
        #expect(conclusion.rootCause?.causeClass == .apiServiceUnavailable)
        #expect(conclusion.candidates.last?.causeClass == .namespaceDeletionBlocked)
        #expect(conclusion.candidates.last?.follows == [0])
    }

    @Test("given a namespace that stays for another API, then it does not follow from the one that is down")
    func otherDiscovery() throws {
        let other = try namespace("unable to retrieve the complete list of server APIs: other.example/v1: gone")
        #expect(other.conclusion.candidates.allSatisfy { $0.follows.isEmpty })
    }

    // MARK: Network plugins

    private func plugin(
        hostPath: String,
        usesHostNetwork: Bool = true,
        log: String = "unknown flag: --tunnel"
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.rawPod(
            "web-1",
            owner: "ReplicaSet/web",
            spec: #"{"nodeName": "n1", "containers": [{"name": "app"}]}"#,
            status: """
                {"phase": "Pending", "containerStatuses":
                  [{"name": "app", "state": {"waiting": {"reason": "ContainerCreating"}}}]}
                """
        )
        try cluster.event(kind: "Pod", "web-1", reason: "FailedCreatePodSandBox", "failed to setup network: refused")
        try cluster.workload("DaemonSet", "net", spec: "{}", status: #"{"desiredNumberScheduled": 1}"#)
        try cluster.rawPod(
            "net-1",
            owner: "DaemonSet/net",
            spec: """
                {"nodeName": "n1", "hostNetwork": \(usesHostNetwork), "containers": [{"name": "app"}],
                 "volumes": [{"name": "conf", "hostPath": {"path": "\(hostPath)"}}]}
                """,
            status:
                #"{"phase": "Running", "containerStatuses": [{"name": "app", "ready": false, \#(Fixture.crashLoop())}]}"#
        )
        cluster.log(of: "net-1", log)
        return cluster
    }

    @Test(
        "given a node whose network plugin fails because its pod crashes, then what keeps that pod is the cause",
        arguments: [
            ("unknown flag: --tunnel", CauseClass.applicationConfigurationInvalid),
            ("ERROR connection refused", .applicationCrash),
        ]
    )
    func networkPlugin(log: String, expected: CauseClass) throws {
        let conclusion = try plugin(hostPath: "/etc/cni/net.d", log: log).conclusion
        #expect(conclusion.rootCause?.object.description == "DaemonSet/shop/net")
        #expect(conclusion.rootCause?.causeClass == expected)
        #expect(conclusion.candidates.contains { $0.causeClass == .networkPluginFailed && $0.follows == [0] })
    }

    @Test(
        "given a crash on the node of a pod that is no network plugin, then the node stands on its own",
        arguments: [("/var/log", true), ("/opt/cni/bin", false)]
    )
    func noNetworkPlugin(hostPath: String, usesHostNetwork: Bool) throws {
        let conclusion = try plugin(hostPath: hostPath, usesHostNetwork: usesHostNetwork).conclusion
        #expect(conclusion.rootCause?.causeClass == .networkPluginFailed)
    }
}
