// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@Suite("kubectl aetherius", .timeLimit(.minutes(5)))
struct KubectlPluginTests {
    /// Runs kubectl with the program in its path under the name of a plugin.
    private func kubectl(_ arguments: String...) async throws -> ProgramUnderTest.Ending {
        try await Programs.withDirectory { directory in
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/kubectl-aetherius",
                withDestinationPath: try Programs.path
            )
            let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            return try await Programs.system(
                "kubectl",
                ["aetherius"] + arguments,
                environment: ["PATH": "\(directory):\(search)"]
            )
        }
    }

    @Test("given the program as a plugin, then kubectl aetherius diagnose works, with its exit codes")
    func diagnose() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let healthy = try await kubectl("diagnose", "--kubeconfig", cluster.kubeconfig, "-n", namespace)
        #expect(healthy.exitCode == 0)
        #expect(healthy.output == "Nothing is wrong with namespace \(namespace).\n")

        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.outOfMemory)
        let broken = try await kubectl("diagnose", "--kubeconfig", cluster.kubeconfig, "-n", namespace)
        #expect(broken.exitCode == 1)
        #expect(broken.output.hasPrefix("Deployment/\(namespace)/web: OOMKilled"))
    }

    @Test("given the program as a plugin, then its texts say kubectl aetherius, as its user typed it")
    func texts() async throws {
        let help = try await kubectl("diagnose", "--help")
        #expect(help.exitCode == 0)
        #expect(help.output.contains("USAGE: kubectl aetherius diagnose [<kind>/<name>]"))
        #expect(help.output.contains("\n  kubectl aetherius diagnose deployment/web -n shop\n"))
        #expect(!help.output.contains("  aetherius diagnose"))

        let wrong = try await kubectl("diagnose", "web")
        #expect(wrong.exitCode == 64)
        #expect(wrong.errors.hasPrefix("kubectl aetherius: 'web' names no kind"))
        #expect(wrong.errors.contains("(see 'kubectl aetherius diagnose --help')\n"))

        let failed = try await kubectl("diagnose", "--kubeconfig", "/nonexistent")
        #expect(failed.exitCode == 2)
        #expect(failed.errors.hasPrefix("kubectl aetherius: "))
    }
}
