// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@Suite("Exec plugins from the command line", .timeLimit(.minutes(5)))
struct ExecPluginTests {
    /// A directory with a kubeconfig whose user has a plugin that insists on a terminal.
    private func makeKubeconfig(_ cluster: TestCluster) throws -> String {
        let directory = FileManager.default.temporaryDirectory.path + "/exec-plugin-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let plugin = #"""
            #!/bin/sh
            [ -t 0 ] && [ -t 2 ] || exit 4
            case $KUBERNETES_EXEC_INFO in *'"interactive":true'*) ;; *) exit 5 ;; esac
            echo "please log in" >&2
            pem() { sed ':a;N;$!ba;s/\n/\\n/g' "$1"; }
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":'
            printf '{"clientCertificateData":"%s","clientKeyData":"%s"}}' "$(pem "$1.crt")" "$(pem "$1.key")"
            """#
        try plugin.write(toFile: "\(directory)/login", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(directory)/login")
        let server = try #require(
            String(contentsOfFile: cluster.kubeconfig, encoding: .utf8).split(separator: "\n")
                .first { $0.contains("server: ") }
        )
        let kubeconfig = """
            current-context: main
            contexts: [{name: main, context: {cluster: c, user: u}}]
            clusters:
            - name: c
              cluster:
                certificate-authority: \(cluster.certificates)/ca.crt
            \(server)
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./login
                  args: [\(cluster.certificates)/admin]
                  interactiveMode: Always
            """
        try kubeconfig.write(toFile: "\(directory)/config", atomically: true, encoding: .utf8)
        return directory
    }

    @Test("given a plugin that talks to a person, when there is a terminal, then it has it, else it is not started")
    func terminal() async throws {
        let cluster = try await TestCluster.shared()
        let directory = try makeKubeconfig(cluster)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let namespace = try await cluster.makeNamespace()
        let arguments = ["diagnose", "--kubeconfig", "\(directory)/config", "-n", namespace]
        let ending = try await Programs.aetheriusOnTerminal(arguments)
        #expect(ending.exitCode == 0, "\(ending.output)")
        #expect(ending.output.contains("please log in"))

        let without = try await Programs.aetherius(arguments)
        #expect(without.exitCode == 2)
        #expect(without.errors.contains("standard input is not a terminal"), "\(without.errors)")
    }
}
