// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KubeClient

@Suite("Kubeconfigs that somebody else hands in")
struct SelfContainedKubeconfigTests {
    private func read(
        cluster: String = "",
        user: String = "token: abc",
        server: String = "https://far:6443",
        others: String = ""
    ) throws(KubeError)
        -> ClientConfiguration
    {
        let text = """
            apiVersion: v1
            kind: Config
            current-context: there
            clusters:
            - {name: there, cluster: {server: "\(server)"\(cluster)}}
            contexts:
            - {name: there, context: {cluster: there, user: me, namespace: shop}}
            users:
            - {name: me, user: {\(user)}}
            \(others)
            """
        return try ClientConfiguration.selfContained(kubeconfig: Array(text.utf8), origin: "Secret a/b")
    }

    @Test("given everything in the text itself, then it is read as any kubeconfig")
    func complete() throws {
        let configuration = try read(cluster: ", certificate-authority-data: aGVsbG8=")
        #expect(configuration.server == "https://far:6443")
        #expect(configuration.namespace == "shop")
        #expect(configuration.certificateAuthority == .data(Array("hello".utf8)))
        guard case .token("abc") = configuration.credentials else {
            Issue.record("the token was not read")
            return
        }
    }

    @Test(
        "given a field that would reach out of the text, then it is refused by its name",
        arguments: [
            ("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: sh}", "users[0].user.exec"),
            ("", "auth-provider: {name: gcp}", "users[0].user.auth-provider"),
            ("", "tokenFile: /etc/passwd", "users[0].user.tokenFile"),
            ("", "client-certificate: /a, client-key-data: aA==", "users[0].user.client-certificate"),
            ("", "client-key: /a, client-certificate-data: aA==", "users[0].user.client-key"),
            (", certificate-authority: /a", "token: abc", "clusters[0].cluster.certificate-authority"),
            (", insecure-skip-tls-verify: true", "token: abc", "clusters[0].cluster.insecure-skip-tls-verify"),
        ]
    )
    func refused(cluster: String, user: String, field: String) {
        let error = #expect(throws: KubeError.self) { try read(cluster: cluster, user: user) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains(field) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("Secret a/b") == true)
    }

    @Test(
        "given a server or proxy at a link-local address, in any notation, then it is refused by its name",
        arguments: [
            "169.254.169.254", "169.254.0.1:6443", "2852039166", "0xA9FEA9FE", "169.254.43518", "[fe80::1]:6443",
            "[::ffff:169.254.169.254]",
        ]
    )
    func linkLocal(host: String) {
        let server = #expect(throws: KubeError.self) { try read(cluster: "", server: "https://\(host)") }
        #expect(server?.message.contains("clusters[0].cluster.server is a link-local address") == true)
        let proxy = #expect(throws: KubeError.self) { try read(cluster: ", proxy-url: \"http://\(host)\"") }
        #expect(proxy?.message.contains("clusters[0].cluster.proxy-url is a link-local address") == true)
    }

    @Test("given a user without a credential, then that is said, instead of asking as nobody")
    func nothingToProve() {
        let error = #expect(throws: KubeError.self) { try read(user: "") }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("users gives the user of the current context nothing") == true)
        #expect(throws: KubeError.self) { try read(user: "as: jane") }
    }

    @Test("given somebody to act as, then that is honoured")
    func impersonation() throws {
        let configuration = try read(user: "token: abc, as: jane, as-groups: [shop]")
        #expect(configuration.impersonation?.user == "jane")
        #expect(configuration.impersonation?.groups == ["shop"])
    }

    @Test("given a program in a user whom the current context does not name, then it is refused all the same")
    func otherUser() {
        #expect(throws: KubeError.self) { try read(others: "- {name: other, user: {exec: {command: sh}}}") }
    }

    @Test("given a server without TLS, then it is refused")
    func plainServer() {
        let text = """
            {kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a}}],
            clusters: [{name: a, cluster: {server: "http://far"}}]}
            """
        let error = #expect(throws: KubeError.self) {
            try ClientConfiguration.selfContained(kubeconfig: Array(text.utf8), origin: "x")
        }
        #expect(error?.message.contains("clusters[0].cluster.server") == true)
    }
}
