// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@Suite("aetherius detections", .timeLimit(.minutes(5)))
struct DetectionsTests {
    @Test("given the analyzers as they are, then docs/detections.md is what they say")
    func document() async throws {
        let ending = try await Programs.aetherius(["detections"])
        #expect(ending.exitCode == 0)
        let committed = try String(contentsOfFile: RepositoryPaths.root + "/docs/detections.md", encoding: .utf8)
        #expect(ending.output == committed, "run 'make docs-detections'")
        #expect(committed.contains("| `OOMKilled` |"))
    }

    @Test("given --include hygiene, then remarks are told, and the exit code and the cause stay the same")
    func hygiene() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        try await cluster.kubectl("create", "configmap", "empty", "-n", namespace)
        try await cluster.kubectl(
            "create",
            "job",
            "held",
            "-n",
            namespace,
            "--image=registry.local/app",
            "--dry-run=client",
            "-o",
            "yaml"
        )
        let without = try await Programs.diagnose(cluster, "-n", namespace)
        #expect(without.exitCode == 0)
        #expect(!without.output.contains("ould be better"))
        _ = try await cluster.kubectl(
            "create",
            "deployment",
            "idle",
            "-n",
            namespace,
            "--image=registry.local/app",
            "--replicas=0"
        )
        let with = try await Programs.diagnose(cluster, "-n", namespace, "--include", "hygiene")
        #expect(with.exitCode == 0, "\(with.output)")
        #expect(with.output.contains("\nCould be better:\n"))
        #expect(with.output.contains("Deployment/\(namespace)/idle: ImageTagNotFixed"))
        let json = try await Programs.diagnose(cluster, "-n", namespace, "-o", "json")
        #expect(json.output.contains(#""hygiene":[]"#))
    }
}
