// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("Impersonation on a real API server", .timeLimit(.minutes(5)))
struct ImpersonationTests {
    private func mayListPods(_ client: KubernetesClient, in namespace: String) async throws -> Bool? {
        let review = DynamicObject(
            [
                "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
                "spec": [
                    "resourceAttributes": ["namespace": .string(namespace), "verb": "list", "resource": "pods"]
                ],
            ] as JSONValue
        )
        let resource = APIResource(
            group: "authorization.k8s.io",
            version: "v1",
            kind: "SelfSubjectAccessReview",
            plural: "selfsubjectaccessreviews"
        )
        return try await client.resources(DynamicObject.self, of: resource).create(review)
            .value.value(at: "status", "allowed")?.boolValue
    }

    private func client(_ cluster: TestCluster, as impersonation: Impersonation) throws -> KubernetesClient {
        var configuration = cluster.client.configuration
        configuration.impersonation = impersonation
        return try KubernetesClient(configuration: configuration)
    }

    @Test("given rights of a user and of a group, when they are impersonated, then the server grants just those")
    func userAndGroups() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        try await cluster.kubectl("-n", namespace, "create", "role", "r", "--verb=list", "--resource=pods")
        try await cluster.kubectl("-n", namespace, "create", "rolebinding", "u", "--role=r", "--user=ann")
        try await cluster.kubectl("-n", namespace, "create", "rolebinding", "g", "--role=r", "--group=shop devs")

        #expect(try await mayListPods(cluster.client, in: namespace) == true)
        #expect(try await mayListPods(client(cluster, as: Impersonation(user: "ann")), in: namespace) == true)
        #expect(try await mayListPods(client(cluster, as: Impersonation(user: "bob")), in: namespace) == false)
        let bob = Impersonation(user: "bob", groups: ["others", "shop devs"])
        #expect(try await mayListPods(client(cluster, as: bob), in: namespace) == true)
    }

    @Test("given a right to lend users only, when groups or extra are asked for, then the server refuses just those")
    func lendersRights() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let files = try TemporaryFiles()
        let lender = "lender-\(namespace)"
        try await cluster.issueCertificate(for: lender, as: "lender", in: files.path)
        try await cluster.kubectl("create", "clusterrole", lender, "--verb=impersonate", "--resource=users")
        try await cluster.kubectl("create", "clusterrolebinding", lender, "--clusterrole=\(lender)", "--user=\(lender)")
        var configuration = cluster.client.configuration
        configuration.clientCertificate = .init(
            certificate: .file("\(files.path)/lender.crt"),
            key: .file("\(files.path)/lender.key")
        )
        func refusal(_ impersonation: Impersonation) async throws -> String {
            configuration.impersonation = impersonation
            let client = try KubernetesClient(configuration: configuration)
            return try await failure { () async throws(KubeError) in
                try await client.resources(Pod.self, namespace: namespace).list()
            }.message
        }
        #expect(try await refusal(Impersonation(user: "ann")).contains(#"User "ann" cannot list resource "pods""#))
        #expect(
            try await refusal(Impersonation(user: "ann", groups: ["g1"])).contains(
                "cannot impersonate resource \"groups\""
            )
        )
        let extra = Impersonation(user: "ann", extra: ["acme.io/team": ["blue"]])
        #expect(try await refusal(extra).contains("cannot impersonate resource \"userextras/acme.io/team\""))
    }

    @Test("given a uid, when a request is sent, then it is in the header of its own")
    func uid() async throws {
        // Servers before 1.22 do not know it, so that only the wire can tell.
        let server = try ScriptedHTTPServer { ScriptedHTTPServer.answer(200, $0.headers["impersonate-uid"] ?? "none") }
        defer { server.stop() }
        var configuration = ClientConfiguration(server: server.url)
        configuration.impersonation = Impersonation(user: "ann", uid: "u-7")
        let answer = try await KubernetesClient(configuration: configuration).get(path: "/")
        #expect(String(decoding: answer, as: UTF8.self) == "u-7")
    }
}
