// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("What agents may do, on a real API server", .timeLimit(.minutes(5)))
struct AgentIsolationTests {
    /// What one agent asks about.
    private struct Question: Hashable, Sendable {
        var verb: String
        var group: String
        /// The plural, with the subresource.
        var resource: String
        var namespace = ""
        var name = ""
    }

    private static let verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]

    @Test(
        "given an agent's token, then of all verbs on all kinds in all places it may do what is its own, and nothing else"
    )
    func everything() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("iso-a")
        _ = try await hub.makeRemoteAgent("iso-b")
        let agent = try await TestAgent(name: "iso-a", on: hub)
        _ = try await TestAgent(name: "iso-b", on: hub)
        let kinds = try await hub.client.discover().resources
        let places = [
            "", "default", "kube-system", RunningOperator.namespace, AgentNames.namespace, AgentNames.mailbox("iso-a"),
            AgentNames.mailbox("iso-b"),
        ]
        var questions: Set<Question> = []
        for kind in kinds {
            let plural = kind.resource.plural
            for resource in [plural] + kind.subresources.map({ "\(plural)/\($0)" }) {
                for place in kind.resource.isNamespaced ? places : [""] {
                    for (verb, name) in Self.verbs.flatMap({ verb in ["", "iso-a", "iso-b"].map { (verb, $0) } }) {
                        questions.insert(
                            Question(
                                verb: verb,
                                group: kind.resource.group,
                                resource: resource,
                                namespace: place,
                                name: name
                            )
                        )
                    }
                }
            }
        }
        #expect(questions.count > 8000)
        let allowed = try await allowed(Array(questions), to: agent.client)
        let surplus = allowed.subtracting(expected(of: "iso-a"))
        let sorted = surplus.map { "\($0)" }.sorted()
        #expect(sorted.isEmpty, "\(sorted.count) of \(questions.count): \(sorted.prefix(20))")
        #expect(expected(of: "iso-a").subtracting(allowed).isEmpty)
        for name in ["iso-a", "iso-b"] { try await hub.client.resources(ClusterAgent.self).delete(name) }
    }

    private func allowed(_ questions: [Question], to client: KubernetesClient) async throws -> Set<Question> {
        try await withThrowingTaskGroup(of: Set<Question>.self) { group in
            let lanes = 32
            for lane in 0..<lanes {
                group.addTask {
                    var allowed: Set<Question> = []
                    for question in stride(from: lane, to: questions.count, by: lanes).map({ questions[$0] }) {
                        let parts = question.resource.split(separator: "/", maxSplits: 1).map(String.init)
                        let review = try await client.selfSubjectAccessReview(
                            .resource(
                                .init(
                                    verb: question.verb,
                                    group: question.group,
                                    resource: parts[0],
                                    subresource: parts.count > 1 ? parts[1] : "",
                                    namespace: question.namespace,
                                    name: question.name
                                )
                            )
                        )
                        if review.isAllowed { allowed.insert(question) }
                    }
                    return allowed
                }
            }
            return try await group.reduce(into: []) { $0.formUnion($1) }
        }
    }

    /// What the agent may do, spelled out by hand.
    private func expected(of name: String) -> Set<Question> {
        var all: Set<Question> = []
        func allow(_ verbs: [String], _ group: String, _ resource: String, _ namespace: String, _ names: [String]) {
            for verb in verbs {
                for name in names {
                    all.insert(
                        Question(verb: verb, group: group, resource: resource, namespace: namespace, name: name)
                    )
                }
            }
        }
        let (mailbox, any) = (AgentNames.mailbox(name), ["", "iso-a", "iso-b"])
        allow(["get", "list", "watch"], AetheriusGroup.name, "clusteragents", "", [name])
        allow(["patch"], AetheriusGroup.name, "clusteragents/status", "", [name])
        for resource in ["diagnostictasks", "executionplans"] {
            allow(["get", "list", "watch"], AetheriusGroup.name, resource, mailbox, any)
            allow(["get", "patch", "update"], AetheriusGroup.name, "\(resource)/status", mailbox, any)
        }
        allow(["get", "patch"], "coordination.k8s.io", "leases", mailbox, [name])
        for group in ["", "events.k8s.io"] { allow(["create", "patch"], group, "events", mailbox, any) }
        allow(["create"], "", "configmaps", mailbox, any)
        allow(["create"], "", "serviceaccounts/token", AgentNames.namespace, [name])
        // What every account may ask: what it may do itself.
        for resource in ["selfsubjectaccessreviews", "selfsubjectrulesreviews"] {
            allow(["create"], "authorization.k8s.io", resource, "", any)
        }
        return all
    }

    @Test("given another agent's objects and the hub's, then each request for them is denied")
    func requests() async throws {
        let hub = try await RunningOperator.shared()
        for name in ["own", "other"] { _ = try await hub.makeRemoteAgent(name) }
        let agent = try await TestAgent(name: "own", on: hub)
        let other = try await TestAgent(name: "other", on: hub)
        try await other.beat()
        let task = DiagnosticTask(metadata: ObjectMeta(name: "secret-task"), spec: .init())
        _ = try await hub.tasks(in: AgentNames.mailbox("other")).create(task)

        let client = agent.client
        let (mailbox, change) = (AgentNames.mailbox("other"), ["spec": ["accepted": true]] as JSONValue)
        let agents = client.resources(ClusterAgent.self)
        let tasks = client.resources(DiagnosticTask.self, namespace: mailbox)
        let leases = client.resources(Lease.self, namespace: mailbox)
        let secrets = client.resources(DynamicObject.self, of: Secret.apiResource, namespace: AgentNames.namespace)
        try await denied("another's ClusterAgent") { _ = try await agents.get("other") }
        try await denied("all ClusterAgents") { _ = try await agents.list() }
        try await denied("all ClusterAgents, watched") { _ = try await agents.watch() }
        try await denied("another's status") {
            _ = try await agents.patch(
                "other",
                .merge(["status": ["phase": "Offline"]] as JSONValue),
                subresource: "status"
            )
        }
        try await denied("its own spec") { _ = try await agents.patch("own", .merge(change)) }
        try await denied("its own end") { try await agents.delete("own") }
        try await denied("another's tasks") { _ = try await tasks.list() }
        try await denied("another's tasks, watched") { _ = try await tasks.watch() }
        try await denied("another's task") { _ = try await tasks.get("secret-task") }
        try await denied("the status of another's task") {
            _ = try await tasks.patch("secret-task", .merge(["status": [:]] as JSONValue), subresource: "status")
        }
        try await denied("tasks of all") { _ = try await client.resources(DiagnosticTask.self).list() }
        try await denied("tasks of the operator") { _ = try await hubTasks(client).list() }
        try await denied("a task in its own mailbox") {
            _ = try await client.resources(DiagnosticTask.self, namespace: AgentNames.mailbox("own")).create(task)
        }
        try await denied("another's Lease") { _ = try await leases.get("other") }
        try await denied("another's heartbeat") {
            _ = try await leases.patch("other", .merge(["spec": ["holderIdentity": ""]] as JSONValue))
        }
        try await denied("another's token") {
            _ = try await client.requestToken(serviceAccount: "other", namespace: AgentNames.namespace)
        }
        for name in ["own", "other"] {
            try await denied("a manifest with a token") { _ = try await secrets.get(AgentNames.install(name)) }
        }
        try await denied("all manifests") { _ = try await secrets.list() }
        try await denied("namespaces") { _ = try await client.resources(Namespace.self).list() }
        for name in ["own", "other"] { try await hub.client.resources(ClusterAgent.self).delete(name) }
    }

    private func hubTasks(_ client: KubernetesClient) -> ResourceClient<DiagnosticTask> {
        client.resources(DiagnosticTask.self, namespace: RunningOperator.namespace)
    }

    private func denied(_ what: String, _ act: () async throws -> Void) async throws {
        do {
            try await act()
            Issue.record("\(what) was not denied")
        } catch let error as KubeError {
            #expect(error.code == .forbidden, "\(what): \(error)")
        }
    }

    @Test("given accepted: false while a watch is open, then each new request is denied and the account is gone")
    func revocation() async throws {
        let hub = try await RunningOperator.shared()
        _ = try await hub.makeRemoteAgent("revoked")
        let agent = try await TestAgent(name: "revoked", on: hub).withOwnToken(on: hub)
        try await agent.report(clusterUID: "revoked-uid")
        try await agent.beat()
        _ = try await hub.agent("revoked") { $0.status.phase == .online }
        let tasks = agent.client.resources(DiagnosticTask.self, namespace: AgentNames.mailbox("revoked"))
        let watch = try await tasks.watch(WatchOptions(timeoutSeconds: 20))

        let change: JSONValue = ["spec": ["accepted": false]]
        _ = try await hub.client.resources(ClusterAgent.self).patch("revoked", .merge(change))
        let pending = try await hub.agent("revoked") { $0.status.phase == .pending }
        #expect(pending.status.conditions[ConditionType.accepted]?.reason == "NotAccepted")
        #expect(pending.status.hub?.clusterUID == "revoked-uid", "the pin outlives the rights")
        for request in ["list", "lease", "status", "token"] {
            let error = await #expect(throws: KubeError.self) {
                switch request {
                case "list": _ = try await tasks.list()
                case "lease": try await agent.beat()
                case "status": try await agent.report(clusterUID: "revoked-uid")
                default: _ = try await agent.withOwnToken(on: hub)
                }
            }
            #expect(
                error?.code == .forbidden || error?.code == .unauthorized,
                "\(request): \(String(describing: error))"
            )
        }
        // The watch that was open before is fed by nothing, and ends as the server ends all watches.
        var seen = 0
        for try await event in watch { if case .bookmark = event { continue } else { seen += 1 } }
        #expect(seen == 0)
        let accounts = hub.client.resources(
            PartialObjectMetadata.self,
            of: ServiceAccount.apiResource,
            namespace: AgentNames.namespace
        )
        #expect(try await accounts.list().items.allSatisfy { $0.metadata.name != "revoked" })

        // Admitted again, it has to prove itself anew, and is the same cluster.
        _ = try await hub.client.resources(ClusterAgent.self).patch(
            "revoked",
            .merge(["spec": ["accepted": true]] as JSONValue)
        )
        _ = try await hub.agent("revoked") { $0.status.phase == .registering }
        try await hub.client.resources(ClusterAgent.self).delete("revoked")
    }
}
