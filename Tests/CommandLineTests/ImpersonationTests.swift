// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@Suite("aetherius diagnose --as", .timeLimit(.minutes(5)))
struct ImpersonationTests {
    @Test("given a user without rights, then what could not be looked at is told, and the exit code is 2")
    func withoutRights() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let ending = try await Programs.diagnose(cluster, "-n", namespace, "--as", "jane")
        #expect(ending.exitCode == 2)
        #expect(ending.output.hasPrefix("Could not look at all of namespace \(namespace), and saw nothing wrong"))
        #expect(ending.output.contains("Pod objects in namespace \(namespace): pods is forbidden: User \"jane\""))
    }

    @Test("given a cause and a kind that must not be read, then both are told")
    func partialRights() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.outOfMemory)
        try await cluster.kubectl("-n", namespace, "create", "role", "r", "--verb=list", "--resource=pods")
        try await cluster.kubectl("-n", namespace, "create", "rolebinding", "r", "--role=r", "--user=joe")

        let ending = try await Programs.diagnose(cluster, "-n", namespace, "--as", "joe")
        #expect(ending.exitCode == 1)
        #expect(ending.output.contains("OOMKilled"))
        #expect(ending.output.contains("\n\nCould not look at:\n"))
        #expect(ending.output.contains("Event objects in namespace \(namespace): events is forbidden: User \"joe\""))
    }

    @Test("given a group that may everything, then its rights are used")
    func groups() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let ending = try await Programs.diagnose(
            cluster,
            "-n",
            namespace,
            "--as",
            "jane",
            "--as-group",
            "nobodies",
            "--as-group",
            "system:masters"
        )
        #expect(ending.exitCode == 0, "\(ending.output)")
    }
}
