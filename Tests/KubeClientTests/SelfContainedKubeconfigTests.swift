// SPDX-License-Identifier: Apache-2.0
@testable import KubeClient
import Testing

@Suite("Kubeconfigs from somewhere else")
struct SelfContainedKubeconfigTests {
    private func text(
        cluster: String = "server: https://10.0.0.1:6443",
        user: String = "token: abc"
    ) -> SelfContainedKubeconfig {
        let text = """
            apiVersion: v1
            kind: Config
            current-context: main
            contexts:
            - name: main
              context: {cluster: far, user: agent}
            clusters:
            - name: far
              cluster:
                \(cluster)
            users:
            - name: agent
              user:
                \(user)
            """
        return SelfContainedKubeconfig(Array(text.utf8), name: "the Secret")
    }

    @Test("given everything in it, then it is used")
    func accepted() throws {
        let configuration = try text().configuration()
        #expect(configuration.server == "https://10.0.0.1:6443")
        guard case .token(let token) = configuration.credentials else { return #expect(Bool(false)) }
        #expect(token == "abc")
    }

    @Test(
        "given what would run a program, read a file or trust anybody, then it is refused by the field's name",
        arguments: [
            ("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: sh}", "users[agent].user.exec"),
            ("", "auth-provider: {name: gcp}", "users[agent].user.auth-provider"),
            ("", "tokenFile: /etc/passwd", "users[agent].user.tokenFile"),
            ("", "client-certificate: /etc/tls.crt", "users[agent].user.client-certificate"),
            ("", "client-key: /etc/tls.key", "users[agent].user.client-key"),
            ("insecure-skip-tls-verify: true", "", "clusters[far].cluster.insecure-skip-tls-verify"),
            ("certificate-authority: /etc/ca.crt", "", "clusters[far].cluster.certificate-authority"),
        ]
    )
    func refused(cluster: String, user: String, field: String) {
        let file = text(
            cluster: "server: https://10.0.0.1:6443" + (cluster.isEmpty ? "" : "\n                \(cluster)"),
            user: user.isEmpty ? "token: abc" : user
        )
        do throws(KubeError) {
            _ = try file.configuration()
            #expect(Bool(false), "\(field) was not refused")
        } catch {
            #expect(error.code == .configuration)
            #expect(error.message.contains("the Secret"))
            #expect(error.message.contains("\(field) "), "\(error.message)")
        }
    }

    @Test("given insecure-skip-tls-verify that says no, then it is used")
    func explicitNo() throws {
        _ = try text(cluster: "server: https://10.0.0.1:6443\n                insecure-skip-tls-verify: false").configuration()
    }

    @Test("given a server without TLS, then it is refused")
    func plain() {
        #expect(throws: KubeError.self) { try text(cluster: "server: http://10.0.0.1:8080").configuration() }
    }

    @Test("given a file, then printing it shows nothing of what is in it")
    func hidden() { #expect("\(text())" == "the Secret") }
}
