// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("Operations on a real API server", .timeLimit(.minutes(5)))
struct OperationTests {
    private static let deployments = APIResource(
        group: "apps",
        version: "v1",
        kind: "Deployment",
        plural: "deployments"
    )
    private static let configMaps = APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")

    private func deployment(_ name: String) -> DynamicObject {
        DynamicObject([
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": [
                "replicas": 0, "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": ["labels": ["app": "web"]],
                    "spec": ["containers": [["name": "a", "image": "a:1"], ["name": "b", "image": "b:1"]]],
                ],
            ],
        ])
    }

    private func configMap(_ name: String, _ data: JSONValue = ["k": "v"]) -> DynamicObject {
        DynamicObject([
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "labels": ["made": "here"]], "data": data,
        ])
    }

    @Test("given the server, when it is asked for its version, then it is one that kubectl reads the same")
    func version() async throws {
        let cluster = try await TestCluster.shared()
        let version = try await cluster.client.serverVersion()
        #expect(version.isAtLeast(1, 20))
        #expect(try await cluster.kubectl("version", "-o", "json").contains("\"\(version.gitVersion)\""))
    }

    @Test("given the server, when it is discovered, then built-in kinds and a definition that comes later are found")
    func discovery() async throws {
        let cluster = try await TestCluster.shared()
        let discovery = Discovery(client: cluster.client, minimumInterval: .zero)
        let deploy = try await discovery.resource(named: "deploy")
        #expect(deploy?.resource == Self.deployments)
        #expect(deploy?.subresources.contains("scale") == true)
        #expect(deploy?.verbs.contains("patch") == true)
        let node = try await discovery.resource(named: "nodes")
        #expect(node?.resource == Node.apiResource)
        let lease = try await discovery.resource(apiVersion: "coordination.k8s.io/v1", kind: "Lease")
        #expect(lease?.resource == Lease.apiResource)
        let snapshot = try await discovery.snapshot()
        #expect(snapshot.failures.isEmpty)
        #expect(snapshot.resources(category: "all").contains { $0.resource.kind == "Pod" })

        let definition = """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
             "metadata":{"name":"gadgets.discovery.test.io"},
             "spec":{"group":"discovery.test.io","scope":"Namespaced","names":{"kind":"Gadget","plural":"gadgets",
               "singular":"gadget","shortNames":["gdg"]},"versions":[{"name":"v1","served":true,"storage":true,
               "schema":{"openAPIV3Schema":{"type":"object"}}}]}}
            """
        try await cluster.kubectl("apply", "-f", "-", input: definition)
        try await cluster.waitUntilEstablished("gadgets.discovery.test.io")
        var gadget: DiscoveredResource?
        // The kind is in the server's discovery some moments after it is established.
        let deadline = ContinuousClock.now + .seconds(120)
        while gadget == nil, .now < deadline { gadget = try await discovery.resource(named: "gdg") }
        #expect(gadget?.resource.apiVersion == "discovery.test.io/v1")
        try await cluster.kubectl("delete", "crd", "gadgets.discovery.test.io")
    }

    @Test("given a deployment, when it is patched in each way, then the server merges as that way says")
    func patches() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let deployments = cluster.client.resources(DynamicObject.self, of: Self.deployments, namespace: namespace)
        _ = try await deployments.create(deployment("web"))

        let strategic = try await deployments.patch(
            "web",
            .strategicMerge(
                ["spec": ["template": ["spec": ["containers": [["name": "b", "image": "b:2"]]]]]] as JSONValue
            )
        )
        let containers = try #require(strategic.value.value(at: "spec", "template", "spec", "containers")?.arrayValue)
        #expect(Set(containers.compactMap { $0["image"]?.stringValue }) == ["a:1", "b:2"])

        let place = JSONPointer("metadata", "annotations")
        let patched = try await deployments.patch(
            "web",
            .json([
                .test(JSONPointer("spec", "replicas"), 0), .add(place, ["example.com/team": "x"]),
                .copy(from: place.appending("example.com/team"), to: place.appending("example.com/copy")),
            ])
        )
        #expect(patched.metadata.annotations["example.com/copy"] == "x")

        let refused = await #expect(throws: KubeError.self) {
            try await deployments.patch("web", .json([.test(JSONPointer("spec", "replicas"), 5)]))
        }
        #expect(refused?.code == .invalid)
    }

    @Test("given a field of another manager, when it is applied without force, then field and manager are in the error")
    func conflicts() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let maps = cluster.client.resources(DynamicObject.self, of: Self.configMaps, namespace: namespace)
        _ = try await maps.patch("m", .apply(configMap("m", ["k": "1"]).value, fieldManager: "first one"))
        let refused = await #expect(throws: KubeError.self) {
            try await maps.patch("m", .apply(configMap("m", ["k": "2"]).value, fieldManager: "second", force: false))
        }
        #expect(refused?.fieldConflicts == [.init(field: ".data.k", manager: "first one")])
        let forced = try await maps.patch("m", .apply(configMap("m", ["k": "2"]).value, fieldManager: "second"))
        #expect(forced.value.value(at: "data", "k") == "2")
    }

    @Test("given a dry run, when something is created, changed or deleted, then nothing has happened")
    func dryRun() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let maps = cluster.client.resources(DynamicObject.self, of: Self.configMaps, namespace: namespace)
        let options = WriteOptions(dryRun: true)
        let tried = try await maps.create(configMap("m"), options)
        #expect(tried.metadata.uid != nil)
        let missing = await #expect(throws: KubeError.self) { try await maps.get("m") }
        #expect(missing?.code == .notFound)

        let created = try await maps.create(configMap("m"))
        _ = try await maps.update(configMap("m", ["k": "2"]), options)
        _ = try await maps.patch("m", .merge(["data": ["k": "3"]] as JSONValue), options)
        try await maps.delete("m", DeleteOptions(dryRun: true))
        let now = try await maps.get("m")
        #expect(now.metadata.resourceVersion == created.metadata.resourceVersion)
    }

    @Test("given preconditions, when an object is deleted, then only if they hold; a collection, only what is selected")
    func deletion() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let maps = cluster.client.resources(DynamicObject.self, of: Self.configMaps, namespace: namespace)
        let created = try await maps.create(configMap("m"))
        for options in [DeleteOptions(uid: "other"), DeleteOptions(resourceVersion: "1")] {
            let refused = await #expect(throws: KubeError.self) { try await maps.delete("m", options) }
            #expect(refused?.code == .conflict)
        }
        try await maps.delete(
            "m",
            DeleteOptions(
                propagation: .background,
                uid: created.metadata.uid,
                resourceVersion: created.metadata.resourceVersion
            )
        )

        for index in 0..<3 { _ = try await maps.create(configMap("m\(index)")) }
        _ = try await maps.create(DynamicObject(["metadata": ["name": "other"]]))
        try await maps.deleteCollection(ListOptions(labelSelector: "made=here"))
        let left = try await maps.list().items.map(\.metadata.name)
        #expect(left.filter { $0 != "kube-root-ca.crt" } == ["other"])
    }

    @Test("given a deployment, when it is scaled in three ways, then its replicas follow")
    func scale() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let deployments = cluster.client.resources(DynamicObject.self, of: Self.deployments, namespace: namespace)
        _ = try await deployments.create(deployment("web"))
        var scale = try await deployments.scale("web")
        #expect(scale.replicas == 0)
        #expect(scale.selector == "app=web")
        scale.replicas = 1
        scale.metadata.resourceVersion = nil
        let updated = try await deployments.updateScale(scale)
        #expect(updated.replicas == 1)
        let patched = try await deployments.patchScale("web", .merge(["spec": ["replicas": 2]] as JSONValue))
        #expect(patched.replicas == 2)
        let object = try await deployments.get("web")
        #expect(object.value.value(at: "spec", "replicas") == 2)
        let none = await #expect(throws: KubeError.self) {
            try await cluster.client.resources(DynamicObject.self, of: Self.configMaps, namespace: namespace).scale("m")
        }
        #expect(none?.code == .notFound)
    }

    @Test(
        "given a service account, when a token is asked for it, then a client with it is that account, with its rights"
    )
    func tokensAndRights() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        try await cluster.kubectl("-n", namespace, "create", "serviceaccount", "agent")
        try await cluster.kubectl(
            "-n",
            namespace,
            "create",
            "role",
            "reader",
            "--verb=get",
            "--resource=pods,pods/log"
        )
        try await cluster.kubectl(
            "-n",
            namespace,
            "create",
            "rolebinding",
            "reader",
            "--role=reader",
            "--serviceaccount=\(namespace):agent"
        )
        let token = try await cluster.client.requestToken(
            serviceAccount: "agent",
            namespace: namespace,
            TokenRequest(expirationSeconds: 600)
        )
        let lifetime = token.expiration.since(.now)
        #expect(lifetime > .seconds(500) && lifetime <= .seconds(610))

        var configuration = cluster.client.configuration
        configuration.clientCertificate = nil
        configuration.credentials = .token(token.token)
        let agent = try KubernetesClient(configuration: configuration)
        func isAllowed(_ verb: String, _ resource: String, _ subresource: String = "") async throws -> Bool {
            try await agent.selfSubjectAccessReview(
                .resource(.init(verb: verb, resource: resource, subresource: subresource, namespace: namespace))
            ).isAllowed
        }
        try await agent.waitUntilAllowed(.resource(.init(verb: "get", resource: "pods", namespace: namespace)))
        #expect(try await isAllowed("get", "pods"))
        #expect(try await isAllowed("get", "pods", "log"))
        #expect(try await !isAllowed("delete", "pods"))
        #expect(try await agent.selfSubjectAccessReview(.path("/version", verb: "get")).isAllowed)
        let rules = try await agent.selfSubjectRulesReview(namespace: namespace)
        #expect(rules.resourceRules.contains { $0.verbs == ["get"] && $0.resources.contains("pods/log") })
        #expect(rules.pathRules.contains { $0.paths.contains("/version") })
        let forbidden = await #expect(throws: KubeError.self) {
            try await agent.resources(Pod.self, namespace: namespace).delete("a")
        }
        #expect(forbidden?.code == .forbidden)

        let bound = TokenRequest(boundObject: .init(kind: "Pod", name: "missing"))
        let refused = await #expect(throws: KubeError.self) {
            try await cluster.client.requestToken(serviceAccount: "agent", namespace: namespace, bound)
        }
        #expect(refused?.code == .notFound)
    }

    @Test("given an object with more than any type here knows, when it is read and written back, then nothing is lost")
    func roundTrip() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let deployments = cluster.client.resources(DynamicObject.self, of: Self.deployments, namespace: namespace)
        var object = deployment("web")
        object.value["metadata"]?["annotations"] = ["note": "a \"quoted\" é😀\n"]
        object.value["spec"]?["progressDeadlineSeconds"] = 2_147_483_647
        object.value["spec"]?["strategy"] = ["rollingUpdate": ["maxSurge": "25%", "maxUnavailable": 0]]
        let created = try await deployments.create(object)
        var read = try await deployments.get("web")
        #expect(read.value.value(at: "metadata", "managedFields") != nil)
        var attempt: DynamicObject?
        while attempt == nil {
            do throws(KubeError) {
                attempt = try await deployments.update(read)
            } catch {
                // The deployment's controller has written its status in between.
                guard error.code == .conflict else { throw error }
                read = try await deployments.get("web")
            }
        }
        let written = try #require(attempt)
        for field in ["spec", "apiVersion", "kind"] { #expect(written.value[field] == read.value[field]) }
        #expect(written.metadata.annotations["note"] == "a \"quoted\" é😀\n")
        #expect(written.metadata.generation == created.metadata.generation)
    }

    @Test("given a pod and a budget for it, when it is evicted, then the budget is asked")
    func eviction() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let version = try await cluster.client.serverVersion()
        let apiVersion = version.isAtLeast(1, 22) ? "policy/v1" : "policy/v1beta1"
        let pods = cluster.client.resources(Pod.self, namespace: namespace)
        let pod = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"automountServiceAccountToken":false,
             "containers":[{"name":"a","image":"a"}]}}
            """
        let accounts = APIResource(group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts")
        _ = try await cluster.client.resources(NamedObject.self, of: accounts, namespace: namespace)
            .wait(for: "default") { _ in true }
        try await cluster.kubectl("-n", namespace, "apply", "-f", "-", input: pod)
        try await pods.evict("a", DeleteOptions(gracePeriodSeconds: 0), apiVersion: apiVersion)
        let gone = await #expect(throws: KubeError.self) { try await pods.get("a") }
        #expect(gone?.code == .notFound)
        let missing = await #expect(throws: KubeError.self) { try await pods.evict("a", apiVersion: apiVersion) }
        #expect(missing?.code == .notFound)
    }
}
