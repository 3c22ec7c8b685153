// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Testing

@testable import AetheriusAgent

@Suite("An agent on a real API server", .timeLimit(.minutes(5)))
struct ObservationEndToEndTests {
    private func record(
        _ name: String,
        about pod: String,
        in namespace: String,
        on cluster: TestCluster,
        count: Int = 1
    ) async throws {
        try await cluster.recordEvent(
            name,
            "BackOff",
            about: .container("app", of: pod, in: namespace),
            message: "back-off, password=hunter2secret",
            count: count
        )
    }

    @Test(
        "given an agent with nothing but its own rights, then it registers, beats, reports what the cluster is like, and says goodbye"
    )
    func registration() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster)
        let uid = try await cluster.client.resources(Namespace.self).get("kube-system").metadata.uid
        try await withAgent(ground) { agent in
            let seen = try await ground.report { $0.summary?.namespaces != nil && $0.metrics != nil }
            let report = try #require(seen.status.agent)
            #expect(report.instanceID == "test_1")
            #expect(report.clusterUID == uid)
            #expect(report.version == "1.2.3")
            #expect(report.kubernetesVersion?.hasPrefix("v1.") == true)
            #expect(report.capabilities == ["EventWatch", "MetricsCollect", "Diagnose"])
            #expect(report.metrics?.values["usageAvailable"] == 0)
            #expect(report.metrics?.values["cpuUsedMillicores"] == nil)
            #expect(seen.status.conditions.isTrue(ConditionType.targetReachable))
            let collection = try #require(seen.status.conditions[ConditionType.collectionHealthy])
            #expect(collection.status == .true)
            #expect(collection.message.contains("not available: NotInstalled"), "\(collection.message)")
            let lease = try await ground.leases.wait(for: ground.name) { $0.holderIdentity == "test_1" }
            #expect(lease.leaseDurationSeconds == 15)
            let first = try #require(lease.renewTime)
            _ = try await ground.leases.wait(for: ground.name) { $0.renewTime ?? first > first }
            #expect(agent.readiness.isPassing, "\(agent.readiness.failing)")
        }
        #expect(try await ground.leases.get(ground.name).holderIdentity ?? "" == "")
    }

    @Test(
        "given events of the pods of a Deployment, then they are one item of the Deployment, without the credential in them, and counted on"
    )
    func events() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster) { spec in
            // Nodes belong to no namespace, and other tests have some in the same cluster.
            spec.report.events.reasons = ["BackOff"]
        }
        let pod = try await cluster.makeDeployment("web", in: ground.namespace)
        try await cluster.setStatus(ofPod: pod, in: ground.namespace, TestCluster.crashLooping("no database"))
        try await withAgent(ground) { _ in
            try await record("a", about: pod, in: ground.namespace, on: cluster, count: 2)
            let seen = try await ground.report { $0.events?.items.isEmpty == false }
            let item = try #require(seen.status.agent?.events?.items.first)
            #expect(item.object.kind == "Deployment", "\(seen.status)")
            #expect(item.object.name == "web")
            #expect(item.sample == pod)
            #expect(item.reason == "BackOff")
            #expect(item.severity == .high)
            #expect(item.message?.contains("back-off") == true)
            #expect(item.message?.contains("hunter2secret") == false)
            let count = item.count
            try await record("b", about: pod, in: ground.namespace, on: cluster)
            try await record("a", about: pod, in: ground.namespace, on: cluster, count: 5)
            let later = try await ground.report { ($0.events?.items.first?.count ?? 0) >= count + 4 }
            #expect(later.status.agent?.events?.items.count == 1)
            #expect(later.status.agent?.events?.distinct == 1)
            let unhealthy = try await ground.report { report in
                report.unhealthy.contains { $0.object.kind == "Deployment" && $0.object.name == "web" }
            }
            #expect(unhealthy.status.agent?.unhealthyTotal ?? 0 >= 1)
        }
    }

    @Test("given a kind that may not be read, then it alone is missing and named, and it is picked up once it may be")
    func forbidden() async throws {
        let cluster = try await TestCluster.shared()
        let ground = try await AgentGround.make(on: cluster)
        let account = "observer-\(ground.namespace)"
        func role(_ nodes: String) -> String {
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: \(account)}
            rules:
            - apiGroups: ["", apps, batch, networking.k8s.io]
              resources: [pods, events, services, persistentvolumeclaims, namespaces, deployments, replicasets,
                statefulsets, daemonsets, jobs, ingresses\(nodes)]
              verbs: [get, list, watch]
            """
        }
        try await cluster.kubectl(
            "apply",
            "-f",
            "-",
            input: role("") + """

                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: \(account), namespace: \(ground.namespace)}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: \(account)}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \(account)}
                subjects: [{kind: ServiceAccount, name: \(account), namespace: \(ground.namespace)}]
                """
        )
        let token = try await cluster.client.requestToken(serviceAccount: account, namespace: ground.namespace).token
        let target = try ground.hub(token)
        try await target.waitUntilAllowed(.resource(.init(verb: "list", resource: "pods")))
        try await withAgent(ground, target: target) { _ in
            let seen = try await ground.agents.wait(for: ground.name) {
                $0.status.conditions[ConditionType.collectionHealthy]?.status == .false
            }
            let condition = try #require(seen.status.conditions[ConditionType.collectionHealthy])
            #expect(condition.reason == "Forbidden")
            #expect(condition.message.hasPrefix("cannot read nodes: "))
            let partial = try await ground.report { $0.summary?.namespaces != nil }
            #expect(partial.status.agent?.summary?.nodes == nil)
            try await cluster.kubectl("apply", "-f", "-", input: role(", nodes"))
            let healed = try await ground.agents.wait(for: ground.name) {
                $0.status.conditions.isTrue(ConditionType.collectionHealthy) && $0.status.agent?.summary?.nodes != nil
            }
            #expect(healed.status.agent?.summary?.nodesReady != nil)
        }
    }
}
