// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("aetherius diagnose", .timeLimit(.minutes(1)))
struct DiagnoseCommandTests {
    private func diagnose(_ cluster: TestCluster, _ arguments: String...) async throws -> ProgramUnderTest.Ending {
        try await ProgramUnderTest.run("aetherius", ["diagnose", "--kubeconfig", cluster.kubeconfig] + arguments)
    }

    @Test("given a crashing Deployment, then the text names cause, line and command, and the exit code is 1")
    func text() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.crashLooping("FATAL: no database"))

        let ending = try await diagnose(cluster, "deploy/web", "-n", namespace)
        #expect(ending.exitCode == 1)
        #expect(ending.output.hasPrefix("Deployment/\(namespace)/web\n  ApplicationCrash (confidence 0.9)\n"))
        #expect(ending.output.contains("FATAL: no database"))
        #expect(ending.output.contains("kubectl -n \(namespace) logs \(pod) --previous -c app"))
    }

    @Test("given -o json, then the answer is one JSON object for programs")
    func json() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.outOfMemory)

        let ending = try await diagnose(cluster, "-n", namespace, "-o", "json")
        #expect(ending.exitCode == 1)
        let answer = try JSON.decode(JSONValue.self, from: ending.output)
        #expect(answer.value(at: "rootCause", "class") == "OOMKilled")
        #expect(answer.value(at: "rootCause", "object", "kind") == "Deployment")
        #expect(answer.value(at: "rootCause", "object", "name") == "web")
        #expect(answer["candidates"]?.arrayValue?.count == 1)
        #expect(answer["evidence"]?.arrayValue?.isEmpty == false)
    }

    @Test("given an empty namespace, then the exit code is 0")
    func healthy() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let ending = try await diagnose(cluster, "-n", namespace)
        #expect(ending.exitCode == 0)
        #expect(ending.output == "Nothing is wrong with namespace \(namespace).\n")
    }

    @Test("given something that is not there, or no server, then it could not look: exit code 2")
    func couldNotLook() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let missing = try await diagnose(cluster, "pod/none", "-n", namespace)
        #expect(missing.exitCode == 2)
        #expect(missing.output.contains("does not exist"))

        let noFile = try await ProgramUnderTest.run("aetherius", ["diagnose", "--kubeconfig", "/nonexistent"])
        #expect(noFile.exitCode == 2)
        #expect(noFile.errors.contains("/nonexistent"))
    }

    @Test("given wrong usage, then the exit code is 64 and the message helps", arguments: ["web", "thing/web", "pod/"])
    func usage(argument: String) async throws {
        let ending = try await ProgramUnderTest.run("aetherius", ["diagnose", argument])
        #expect(ending.exitCode == 64)
        #expect(ending.errors.contains("kind/name"))
    }
}
