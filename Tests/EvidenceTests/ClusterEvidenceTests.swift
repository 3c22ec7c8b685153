// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import Evidence
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("ClusterEvidence on a real API server", .timeLimit(.minutes(5)))
struct ClusterEvidenceTests {
    @Test("given a Deployment beside another one, then only its own objects are looked at, up and down the chain")
    func selection() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        _ = try await cluster.makeDeployment("other", in: namespace)
        let source = ClusterEvidence(client: cluster.client)

        let deployment = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: "web")
        let snapshot = try await source.snapshot(of: EvidenceScope(subject: deployment, namespace: namespace))
        #expect(snapshot.subjectExists == true)
        #expect(snapshot.pods.map(\.metadata.name) == [pod])
        #expect(Set(snapshot.workloads.map(\.kind)) == ["Deployment", "ReplicaSet"])
        #expect(snapshot.workloads.allSatisfy { $0.metadata.name.hasPrefix("web") })
        #expect(snapshot.unreadable.isEmpty)
        #expect(snapshot.owner(of: try #require(snapshot.pods.first)).description == "Deployment/\(namespace)/web")

        let fromPod = try await source.snapshot(
            of: EvidenceScope(
                subject: ObjectReference(apiVersion: "v1", kind: "Pod", namespace: namespace, name: pod),
                namespace: namespace
            )
        )
        #expect(Set(fromPod.workloads.map(\.kind)) == ["Deployment", "ReplicaSet"])

        let everything = try await source.snapshot(of: EvidenceScope(namespace: namespace))
        #expect(everything.pods.count == 2)
    }

    @Test("given an object that is not there, then the snapshot says that it is missing")
    func missing() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let subject = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: "none")
        let snapshot = try await ClusterEvidence(client: cluster.client)
            .snapshot(of: EvidenceScope(subject: subject, namespace: namespace))
        #expect(snapshot.subjectExists == false)
    }

    @Test("given rights on nothing but pods, then the rest could not be looked at and is not taken to be missing")
    func forbidden() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        _ = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.kubectl("create", "serviceaccount", "viewer", "-n", namespace)
        try await cluster.kubectl("create", "role", "pods", "-n", namespace, "--verb=get,list", "--resource=pods")
        try await cluster.kubectl(
            "create",
            "rolebinding",
            "pods",
            "-n",
            namespace,
            "--role=pods",
            "--serviceaccount=\(namespace):viewer"
        )
        let token = try await cluster.client.requestToken(serviceAccount: "viewer", namespace: namespace).token
        var configuration = cluster.client.configuration
        configuration.clientCertificate = nil
        configuration.credentials = .token(token)

        let subject = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: "web")
        let snapshot = try await ClusterEvidence(client: try KubernetesClient(configuration: configuration))
            .snapshot(of: EvidenceScope(subject: subject, namespace: namespace))
        #expect(snapshot.subjectExists == nil)
        #expect(snapshot.unreadable.contains { $0.what.hasPrefix("Deployment objects") && $0.reason == "Forbidden" })
        #expect(!snapshot.unreadable.contains { $0.what.hasPrefix("Pod objects") })
    }

    @Test("given a question for what could be better, then the kinds are read that only remarks are made about")
    func hygiene() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        try await cluster.kubectl("create", "role", "wide", "-n", namespace, "--verb=*", "--resource=pods")
        try await cluster.kubectl(
            "create",
            "rolebinding",
            "team",
            "-n",
            namespace,
            "--role=wide",
            "--user=somebody"
        )
        var limits = ClusterEvidence.Limits()
        func said(about subject: ObjectReference? = nil) async throws -> [String] {
            let snapshot = try await ClusterEvidence(client: cluster.client, limits: limits)
                .snapshot(of: EvidenceScope(subject: subject, namespace: namespace))
            return Analyzers.hygieneFindings(in: snapshot).map { "\($0.object.name) \($0.causeClass)" }
        }
        #expect(try await said().isEmpty)
        limits.readsForHygiene = true
        #expect(try await said() == ["team WildcardPermissions"])
        let one = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: "web")
        #expect(try await said(about: one).isEmpty)
    }

    @Test("given a server that is not there, then nothing could be looked at")
    func unreachable() async throws {
        // Port 1 is reserved and nothing listens on it.
        let client = try KubernetesClient(configuration: ClientConfiguration(server: "https://127.0.0.1:1"))
        let error = await #expect(throws: EvidenceError.self) {
            try await ClusterEvidence(client: client).snapshot(of: EvidenceScope(namespace: "default"))
        }
        #expect(error?.code == .unreachable)
    }

    @Test("given a kind that is not supported, then the error lists those that are")
    func unsupportedKind() async throws {
        let client = try KubernetesClient(configuration: ClientConfiguration(server: "https://127.0.0.1:1"))
        let error = await #expect(throws: EvidenceError.self) {
            try await ClusterEvidence(client: client).snapshot(
                of: EvidenceScope(subject: ObjectReference(kind: "ConfigMap", name: "x"), namespace: "default")
            )
        }
        #expect(error?.code == .unsupportedSubject)
        #expect(error?.message.contains("StatefulSet") == true)
    }

    @Test("given a canary in an annotation, an event and a termination message, then it is nowhere in the snapshot")
    func canaries() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(
            ofPod: pod,
            in: namespace,
            TestCluster.crashLooping("cannot open postgres://bob:canary-4711@db/shop password=canary-4711")
        )
        try await cluster.kubectl("annotate", "pod", pod, "-n", namespace, "example.invalid/note=token=canary-4711")
        var event = Event(metadata: ObjectMeta(name: "canary", namespace: namespace))
        event.involvedObject = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: namespace, name: pod)
        event.message = "refused: secret: canary-4711"
        event.reason = "Failed"
        _ = try await cluster.client.resources(Event.self, namespace: namespace).create(event)

        let snapshot = try await ClusterEvidence(client: cluster.client).snapshot(
            of: EvidenceScope(namespace: namespace)
        )
        #expect(snapshot.events.contains { $0.message.contains("refused") })
        #expect(!String(reflecting: snapshot).contains("canary-4711"))
        #expect(Analyzers.findings(in: snapshot).contains { $0.message.contains("postgres://[redacted]@db/shop") })
    }

    @Test("given a StatefulSet without its Service, then the server is asked for it, and only its answer counts")
    func lookups() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        try await cluster.makeStatefulSet("db", serviceName: "db-nodes", in: namespace)
        let source = ClusterEvidence(client: cluster.client)
        let scope = EvidenceScope(namespace: namespace)

        let without = try await source.snapshot(of: scope)
        #expect(without.services.contains("db-nodes", in: namespace) == false)
        #expect(Analyzers.findings(in: without).contains { $0.causeClass == .governingServiceNotFound })

        try await cluster.kubectl(
            "create",
            "service",
            "clusterip",
            "db-nodes",
            "--clusterip=None",
            "-n",
            namespace
        )
        let with = try await source.snapshot(of: scope)
        #expect(with.services.contains("db-nodes", in: namespace) == true)
        #expect(!Analyzers.findings(in: with).contains { $0.causeClass == .governingServiceNotFound })
    }

    @Test("given a quota that admits no pods, then the namespace is at fault, in the server's own words")
    func quota() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        try await cluster.kubectl("create", "quota", "none", "--hard=pods=0", "-n", namespace)
        try await cluster.makeStatefulSet("db", serviceName: "", in: namespace)
        // The controller tries, is refused and says so, at first perhaps because nobody has counted yet.
        let refusals = try await cluster.client.resources(Event.self, namespace: namespace)
            .watch(WatchOptions(fieldSelector: "reason=FailedCreate", resourceVersion: "0", timeoutSeconds: 280))
        for try await event in refusals {
            if case .added(let refusal) = event, refusal.message.contains("exceeded quota") { break }
        }

        let source = ClusterEvidence(client: cluster.client)
        let snapshot = try await source.snapshot(of: EvidenceScope(namespace: namespace))
        let conclusion = Conclusion(
            subject: nil,
            findings: Analyzers.findings(in: snapshot),
            unreadable: snapshot.unreadable
        )
        #expect(conclusion.rootCause?.causeClass == .podQuotaExceeded)
        #expect(conclusion.rootCause?.object.description == "Namespace/\(namespace)")
    }
}
