// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("A DiagnosticTask on a real API server", .timeLimit(.minutes(5)))
struct DiagnosisEndToEndTests {
    @Test("given a crashing Deployment, then the task ends with the line of the log that explains it")
    func crash() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.crashLooping("FATAL: no database"))

        let task = try await cluster.end(of: try await cluster.ask(about: "web", in: namespace))
        #expect(task.status.phase == .completed)
        let cause = try #require(task.status.diagnosis?.rootCause)
        #expect(cause.class == "ApplicationCrash")
        #expect(cause.object == "Deployment/\(namespace)/web")
        #expect(cause.message?.hasSuffix("saying: FATAL: no database") == true)
        #expect(!cause.evidence.isEmpty)
        #expect(Set(cause.evidence).isSubset(of: Set(task.status.agent?.evidence.map(\.id) ?? [])))
        #expect(task.status.conditions.isTrue(ConditionType.complete))
        #expect(task.status.conditions.isTrue(ConditionType.ready))
        #expect(task.status.attempts == 1)

        // What people type.
        try await cluster.kubectl(
            "wait",
            "-n",
            namespace,
            "diagnostictask/why-web",
            "--for=condition=Complete",
            "--timeout=5s"
        )
        let table = try await cluster.kubectl("get", "-n", namespace, "diagnostictasks")
        #expect(table.contains("CAUSE") && table.contains("ApplicationCrash") && table.contains("0.65"))
    }

    @Test("given the other faults of the demo, then each gets its own cause")
    func otherFaults() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let hungry = try await cluster.makeDeployment("hungry", in: namespace)
        let unpullable = try await cluster.makeDeployment("unpullable", in: namespace)
        try await cluster.setStatus(ofPod: hungry, in: namespace, TestCluster.outOfMemory)
        try await cluster.setStatus(ofPod: unpullable, in: namespace, TestCluster.imageNotFound)

        let first = try await cluster.end(of: try await cluster.ask(about: "hungry", in: namespace))
        #expect(first.status.diagnosis?.rootCause?.class == "OOMKilled")
        #expect(first.status.diagnosis?.rootCause?.message?.contains("32Mi") == true)
        let second = try await cluster.end(of: try await cluster.ask(about: "unpullable", in: namespace))
        #expect(second.status.diagnosis?.rootCause?.class == "ImageNotFound")
    }

    @Test("given a healthy Deployment and one that is not there, then the answers say so and name no cause")
    func nothingWrong() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.running)
        let deployments = cluster.client.resources(
            DynamicObject.self,
            of: APIResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments"),
            namespace: namespace
        )
        _ = try await deployments.wait(for: "web") { $0.value.value(at: "status", "readyReplicas") == 1 }

        let healthy = try await cluster.end(of: try await cluster.ask(about: "web", in: namespace))
        #expect(healthy.status.phase == .completed)
        #expect(healthy.status.diagnosis?.rootCause == nil)
        #expect(healthy.status.diagnosis?.terminationReason == "Healthy")
        let missing = try await cluster.end(of: try await cluster.ask(about: "missing", in: namespace))
        #expect(missing.status.diagnosis?.terminationReason == "TargetNotFound")
        let nowhere = DiagnosticTask(
            metadata: ObjectMeta(name: "nowhere", namespace: RunningOperator.namespace),
            spec: .init(target: ObjectReference(apiVersion: "v1", kind: "Namespace", namespace: "", name: "nowhere"))
        )
        let created = try await cluster.tasks(in: RunningOperator.namespace).create(nowhere)
        #expect(try await cluster.end(of: created).status.diagnosis?.terminationReason == "TargetNotFound")
    }

    @Test("given a task about another namespace, then nothing of it is looked at, and the condition says why")
    func tenancy() async throws {
        let cluster = try await RunningOperator.shared()
        let (own, other) = (try await cluster.makeNamespace("tenant"), try await cluster.makeNamespace("bank"))
        var task = DiagnosticTask(metadata: ObjectMeta(name: "sly", namespace: own))
        task.spec.target = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: other, name: "vault")
        _ = try await cluster.tasks(in: own).create(task)

        let refused = try await cluster.tasks(in: own).wait(for: "sly") { $0.status.conditions["Ready"] != nil }
        #expect(refused.status.conditions["Ready"]?.reason == "Forbidden")
        #expect(refused.status.conditions.isTrue(ConditionType.stalled))
        #expect(refused.status.agent == nil)
    }

    @Test("given a tenant's pod that names another namespace's workload as its owner, then nothing of that is told")
    func foreignOwner() async throws {
        let cluster = try await RunningOperator.shared()
        let (own, other) = (try await cluster.makeNamespace("tenant"), try await cluster.makeNamespace("bank"))
        let secretive = try await cluster.makeDeployment("vault", in: other)
        try await cluster.setStatus(ofPod: secretive, in: other, TestCluster.crashLooping("the combination is canary"))
        let deployments = try #require(Workload.kinds.first { $0.kind == "Deployment" })
        let vault = try await cluster.client.resources(Workload.self, of: deployments, namespace: other).get("vault")
        let owner: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "name": "vault", "controller": true,
            "uid": .string(vault.metadata.uid ?? ""),
        ]
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "sly", "ownerReferences": [owner]],
            "spec": ["containers": [["name": "app", "image": "localhost:1/none:1"]]],
        ]
        _ = try await cluster.client.resources(DynamicObject.self, of: Pod.apiResource, namespace: own)
            .create(DynamicObject(pod))

        let questions: [ObjectReference?] = [
            ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "", name: "sly"),
            ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "", name: "vault"),
            nil,
        ]
        for (index, target) in questions.enumerated() {
            let task = DiagnosticTask(
                metadata: ObjectMeta(name: "why-\(index)", namespace: own),
                spec: .init(target: target)
            )
            let ended = try await cluster.end(of: try await cluster.tasks(in: own).create(task))
            #expect(ended.status.phase == .completed)
            #expect(!String(decoding: JSON.encode(ended), as: UTF8.self).contains("canary"))
        }
    }

    @Test("given a tenant's question about a Node, then it is refused")
    func node() async throws {
        let cluster = try await RunningOperator.shared()
        let own = try await cluster.makeNamespace("tenant")
        let task = DiagnosticTask(
            metadata: ObjectMeta(name: "node", namespace: own),
            spec: .init(target: ObjectReference(apiVersion: "v1", kind: "Node", namespace: "", name: "worker"))
        )
        let ended = try await cluster.end(of: try await cluster.tasks(in: own).create(task))
        #expect(ended.status.conditions["Failed"]?.reason == "UnsupportedTarget")
        #expect(ended.status.agent?.findings.isEmpty ?? true)
    }

    @Test("given a kind that cannot be diagnosed, then the task fails and lists the kinds that can")
    func unsupportedKind() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let task = try await cluster.ask(about: "x", in: namespace) { spec in
            spec.target?.apiVersion = "v1"
            spec.target?.kind = "ConfigMap"
        }
        let ended = try await cluster.end(of: task)
        #expect(ended.status.phase == .failed)
        #expect(ended.status.conditions["Failed"]?.reason == "UnsupportedTarget")
        #expect(ended.status.conditions["Failed"]?.message.contains("Deployment") == true)
    }

    @Test("given a finished task, when it is asked again, then it runs again; a comment on it does not do that")
    func retry() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let first = try await cluster.end(of: try await cluster.ask(about: "missing", in: namespace))

        let tasks = cluster.tasks(in: namespace)
        let comment: JSONValue = ["spec": ["feedback": ["rating": "Positive"]]]
        _ = try await tasks.patch(first.metadata.name, .merge(comment))
        let again: JSONValue = ["spec": ["retryGeneration": 1]]
        _ = try await tasks.patch(first.metadata.name, .merge(again))
        let second = try await tasks.wait(for: first.metadata.name) { task in
            task.status.isFinished && task.status.inputHash != first.status.inputHash
        }
        #expect(second.status.phase == .completed)
        #expect(second.status.attempts == 1)
        // Only the second question has led to a second claim.
        let events = try await cluster.client.resources(Event.self, namespace: namespace)
            .list(ListOptions(fieldSelector: "involvedObject.kind=DiagnosticTask"))
        let starts = events.items.filter { $0.reason == EventReason.taskStarted }.compactMap(\.count).reduce(0, +)
        #expect(starts <= 2)
    }

    @Test("given a task that is created cancelled, then it ends without being looked at")
    func cancelled() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let ended = try await cluster.end(of: try await cluster.ask(about: "web", in: namespace) { $0.cancel = true })
        #expect(ended.status.phase == .cancelled)
        #expect(ended.status.conditions.isTrue(ConditionType.failed))
        #expect(ended.status.attempts == 0)
    }

    @Test("given a cluster that there is not, then the task ends when its time is over, and names it")
    func unknownCluster() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let task = try await cluster.ask(about: "web", in: namespace) {
            $0.clusterRef = NameReference(name: "nowhere")
            $0.limits.timeoutSeconds = 1
        }
        let ended = try await cluster.end(of: task)
        #expect(ended.status.phase == .timedOut)
        #expect(ended.status.conditions[ConditionType.ready]?.message.contains("ClusterAgent named nowhere") == true)
    }

    @Test("given a time to live of nothing, then the task is gone once it has ended")
    func timeToLive() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let task = try await cluster.ask(about: "web", in: namespace) { $0.ttlSecondsAfterFinished = 0 }
        try await cluster.tasks(in: namespace).waitForDeletion(of: task.metadata.name)
    }

    @Test("given what happens to a task, then Events on it tell so")
    func events() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        _ = try await cluster.end(of: try await cluster.ask(about: "web", in: namespace))
        let stream = try await cluster.client.resources(Event.self, namespace: namespace)
            .watch(WatchOptions(fieldSelector: "involvedObject.kind=DiagnosticTask", resourceVersion: "0"))
        var missing: Set = [EventReason.taskScheduled, EventReason.taskStarted, EventReason.taskCompleted]
        for try await event in stream {
            if case .added(let event) = event { missing.remove(event.reason) }
            if missing.isEmpty { break }
        }
        #expect(missing.isEmpty)
    }
}
