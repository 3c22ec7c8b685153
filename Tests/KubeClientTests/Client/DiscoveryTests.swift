// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeTesting
import Synchronization
import Testing

@testable import KubeClient

@Suite("Discovery", .timeLimit(.minutes(5)))
struct DiscoveryTests {
    private static let legacy: [String: String] = [
        "/api": #"{"kind":"APIVersions","versions":["v1"]}"#,
        "/apis": """
        {"kind":"APIGroupList","groups":[
          {"name":"apps","versions":[{"groupVersion":"apps/v1beta1","version":"v1beta1"},{"groupVersion":"apps/v1",
            "version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}},
          {"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1","version":"v1"}],
            "preferredVersion":{"groupVersion":"metrics.k8s.io/v1","version":"v1"}}]}
        """,
        "/api/v1": """
        {"kind":"APIResourceList","resources":[
          {"name":"pods","singularName":"","namespaced":true,"kind":"Pod","verbs":["get","list"],"shortNames":["po"],
            "categories":["all"]},
          {"name":"pods/log","singularName":"","namespaced":true,"kind":"Pod","verbs":["get"]},
          {"name":"nodes","singularName":"","namespaced":false,"kind":"Node","verbs":["get"],"shortNames":["no"]}]}
        """,
        "/apis/apps/v1": """
        {"resources":[{"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment",
          "verbs":["get","patch"],"shortNames":["deploy"],"categories":["all"]},
          {"name":"deployments/scale","namespaced":true,"kind":"Scale","group":"autoscaling","version":"v1"}]}
        """,
        "/apis/apps/v1beta1": """
        {"resources":[{"name":"deployments","namespaced":true,"kind":"Deployment","verbs":["get"],"categories":["all"]}]}
        """,
    ]

    private static let aggregated: [String: String] = [
        "/api": """
        {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{"name":""},
          "versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"pods","scope":"Namespaced",
          "responseKind":{"group":"","version":"","kind":"Pod"},"singularResource":"pod","verbs":["get","list"],
          "shortNames":["po"],"categories":["all"],"subresources":[{"subresource":"log","verbs":["get"]}]},
          {"resource":"nodes","scope":"Cluster","responseKind":{"kind":"Node"},"verbs":["get"],"shortNames":["no"]}]}]}]}
        """,
        "/apis": """
        {"kind":"APIGroupDiscoveryList","items":[
          {"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":
          "deployments","scope":"Namespaced","responseKind":{"kind":"Deployment"},"singularResource":"deployment",
          "verbs":["get","patch"],"shortNames":["deploy"],"categories":["all"],"subresources":[{"subresource":"scale",
          "responseKind":{"group":"autoscaling","version":"v1","kind":"Scale"},"verbs":["get"]}]}]},{"version":"v1beta1",
          "freshness":"Current","resources":[{"resource":"deployments","scope":"Namespaced","responseKind":{"kind":
          "Deployment"},"verbs":["get"],"categories":["all"]}]}]},
          {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1","freshness":"Stale","resources":[]}]}]}
        """,
    ]

    private static func script(_ documents: [String: String]) -> Script {
        Script { request in
            guard let document = documents[request.target] else { return ScriptedHTTPServer.answer(503, "away") }
            return ScriptedHTTPServer.answer(200, document)
        }
    }

    @Test(
        "given old and aggregated discovery with one API away, when it is read, then both give the same",
        arguments: [true, false]
    )
    func documents(isAggregated: Bool) async throws {
        try await withServer(answering: Self.script(isAggregated ? Self.aggregated : Self.legacy)) { server, client in
            let snapshot = try await client.discover()
            #expect(
                snapshot.resources.map { "\($0.resource.apiVersion) \($0.resource.plural)" } == [
                    "v1 pods", "v1 nodes", "apps/v1 deployments", "apps/v1beta1 deployments",
                ]
            )
            #expect(snapshot.failures.map(\.apiVersion) == ["metrics.k8s.io/v1"])
            #expect(snapshot.failures.map(\.error.code) == [.unavailable])

            let pod = try #require(snapshot.resource(named: "po"))
            #expect(pod.resource == Pod.apiResource)
            #expect(pod.verbs == ["get", "list"])
            #expect(pod.subresources == ["log"])
            #expect(snapshot.resource(named: "NO")?.resource == Node.apiResource)
            for word in [
                "deployments", "deployment", "deploy", "Deployment", "deployments.apps", "deploy.apps",
                "Deployment.v1.apps",
            ] {
                #expect(snapshot.resource(named: word)?.resource.apiVersion == "apps/v1", "\(word)")
            }
            #expect(snapshot.resource(named: "deployments.v1beta1.apps")?.resource.apiVersion == "apps/v1beta1")
            #expect(snapshot.resource(apiVersion: "apps/v1beta1", kind: "Deployment")?.isPreferred == false)
            #expect(snapshot.resource(named: "deployments")?.subresources == ["scale"])
            for word in ["", "deployments.other", "pods.apps", "deployments.v2.apps", "log", "."] {
                #expect(snapshot.resource(named: word) == nil, "\(word)")
            }
            #expect(snapshot.resource(apiVersion: "v1", kind: "pod") == nil)
            #expect(snapshot.resources(category: "All").map(\.resource.kind) == ["Pod", "Deployment"])

            for await case .request(let request) in server.events {
                #expect(
                    request.headers["accept"]
                        == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
                        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
                )
                break
            }
        }
    }

    @Test(
        "given a server that cannot be asked at all, when it is asked, then that is an error, and the next time it is asked again"
    )
    func failing() async throws {
        let works = Flag()
        try await withServer(
            answering: Script {
                works.isSet ? Self.script(Self.aggregated).answer($0) : ScriptedHTTPServer.answer(403, "")
            }
        ) { _, client in
            let discovery = Discovery(client: client)
            let error = try await failure { () async throws(KubeError) in try await discovery.resource(named: "po") }
            #expect(error.code == .forbidden)
            works.set()
            let pod = try await discovery.resource(named: "po")
            #expect(pod != nil)
        }
    }

    @Test(
        "given many tasks that look for known and unknown words, when they do so at once, then the server is asked as rarely as said"
    )
    func singleFlight() async throws {
        let asked = Counted()
        try await withServer(
            answering: Script { request in
                if request.target == "/api" { asked.increment() }
                return Self.script(Self.aggregated).answer(request)
            }
        ) { _, client in
            let discovery = Discovery(client: client, minimumInterval: .seconds(10)) { asked.time }
            func look(_ word: String) async throws {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 { group.addTask { _ = try await discovery.resource(named: word) } }
                    try await group.waitForAll()
                }
            }
            try await look("pods")
            #expect(asked.value == 1)
            // Just asked: the answer to an unknown word is believed.
            try await look("widgets")
            #expect(asked.value == 1)
            asked.advance(by: .seconds(10))
            try await look("pods")
            #expect(asked.value == 1)
            try await look("widgets")
            #expect(asked.value == 2)
            try await discovery.refresh()
            #expect(asked.value == 3)
        }
    }

    /// How often something happened, and a clock that stands still.
    private final class Counted: Sendable {
        private let count = Mutex(0)
        private let now = Mutex(Duration.zero)

        var value: Int { count.withLock { $0 } }
        var time: Duration { now.withLock { $0 } }
        func increment() { count.withLock { $0 += 1 } }
        func advance(by duration: Duration) { now.withLock { $0 += duration } }
    }

    @Test(
        "given a discovery on its way, when more is wanted, then that one is joined, and a failure keeps what was known"
    )
    func stateMachine() {
        var machine = Discovery.StateMachine(minimumInterval: .seconds(10))
        func name(_ action: Discovery.StateMachine.Action) -> String {
            switch action {
            case .use: "use"
            case .join: "join"
            case .fetch: "fetch"
            }
        }
        #expect(name(machine.wantsAny()) == "fetch")
        #expect(name(machine.wantsAny()) == "join")
        #expect(name(machine.wantsNew()) == "join")
        #expect(name(machine.missed(now: .zero)) == "join")
        machine.fetched(nil, now: .seconds(1))
        #expect(name(machine.wantsAny()) == "fetch")
        machine.fetched(DiscoverySnapshot(), now: .seconds(2))
        #expect(name(machine.wantsAny()) == "use")
        #expect(name(machine.missed(now: .seconds(11))) == "use")
        #expect(name(machine.missed(now: .seconds(12))) == "fetch")
        #expect(name(machine.wantsAny()) == "use")
        machine.fetched(nil, now: .seconds(13))
        #expect(name(machine.wantsAny()) == "use")
        #expect(name(machine.missed(now: .seconds(14))) == "use")
        #expect(name(machine.wantsNew()) == "fetch")
    }
}
