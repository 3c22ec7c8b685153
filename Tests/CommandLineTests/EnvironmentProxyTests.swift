// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@Suite("HTTPS_PROXY", .timeLimit(.minutes(5)))
struct EnvironmentProxyTests {
    @Test("given a proxy in the environment and a server that only it can reach, then the question is answered")
    func variable() async throws {
        let cluster = try await TestCluster.shared()
        let kubeconfig = try String(contentsOfFile: cluster.kubeconfig, encoding: .utf8)
        let line = try #require(kubeconfig.split(separator: "\n").first { $0.contains("server: ") })
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
        let proxy = try ForwardingProxy(.http, to: ("127.0.0.1", port))
        defer { proxy.stop() }
        let path = FileManager.default.temporaryDirectory.path + "/proxy-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try kubeconfig
            .replacing(line, with: "    server: https://api.test.invalid:6443\n    tls-server-name: kubernetes")
            .write(toFile: path, atomically: true, encoding: .utf8)

        let namespace = try await cluster.makeNamespace()
        let ending = try await Programs.aetherius(
            ["diagnose", "--kubeconfig", path, "-n", namespace],
            environment: ["HTTPS_PROXY": "http://ann:canary@127.0.0.1:\(proxy.port)", "NO_PROXY": "other.invalid"]
        )
        #expect(ending.exitCode == 0, "\(ending.errors)")
        #expect(proxy.requests.first?.target == "api.test.invalid:6443")

        proxy.stop()
        let failure = try await Programs.aetherius(
            ["diagnose", "--kubeconfig", path, "-n", namespace],
            environment: ["HTTPS_PROXY": "http://ann:canary@127.0.0.1:1"]
        )
        #expect(failure.exitCode == 2)
        #expect(failure.errors.contains("api.test.invalid"), "\(failure.errors)")
        #expect(!(failure.errors + failure.output).contains("canary"))
    }
}
