// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("aetherius collect", .timeLimit(.minutes(5)))
struct CollectTests {
    private func collect(_ cluster: TestCluster, _ arguments: String...) async throws -> ProgramUnderTest.Ending {
        try await Programs.aetherius(["collect", "--kubeconfig", cluster.kubeconfig] + arguments)
    }

    private func answer(_ ending: ProgramUnderTest.Ending) throws -> JSONValue {
        var answer = try JSON.decode(JSONValue.self, from: ending.output)
        answer["gatheredAt"] = nil
        return answer
    }

    private func answer(of cluster: TestCluster, _ namespace: String) async throws -> JSONValue {
        try answer(try await Programs.diagnose(cluster, "-n", namespace, "-o", "json"))
    }

    @Test("given a namespace with several faults, then its bundle gives the same answer as the cluster, and no secrets")
    func roundTrip() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        for (name, status) in [
            ("web", TestCluster.outOfMemory), ("api", TestCluster.crashLooping("FATAL: password=canary-1")),
        ] {
            let pod = try await cluster.makeDeployment(name, in: namespace)
            try await cluster.setStatus(ofPod: pod, in: namespace, status)
        }
        try await cluster.makeStatefulSet("db", serviceName: "missing", in: namespace)
        try await cluster.kubectl("create", "secret", "generic", "login", "-n", namespace, "--from-literal=a=canary-2")
        try await cluster.kubectl(
            "create",
            "configmap",
            "settings",
            "-n",
            namespace,
            "--from-literal=db-password=canary-3"
        )
        _ = try await cluster.client.resources(Pod.self, namespace: namespace).wait(for: "db-0") { _ in true }
        try await Programs.withDirectory { directory in
            let file = "\(directory)/bundle.tar.gz"
            // The controllers have to be done with it.
            var (earlier, now) = (JSONValue.null, try await answer(of: cluster, namespace))
            while earlier != now { (earlier, now) = (now, try await answer(of: cluster, namespace)) }
            let ending = try await collect(cluster, "-n", namespace, "-o", file)
            #expect(ending.exitCode == 0, "\(ending.errors)")
            #expect(ending.output == "")
            #expect(ending.errors.contains(" pods\n"))
            #expect(ending.errors.hasSuffix("Wrote \(file)\n"))
            let fromBundle = try await Programs.aetherius(["diagnose", "--bundle", file, "-n", namespace, "-o", "json"])
            let fromCluster = try await Programs.diagnose(cluster, "-n", namespace, "-o", "json")
            #expect(try answer(fromBundle) == answer(fromCluster))
            #expect(fromCluster.output.contains("GoverningServiceNotFound"), "the answer has to hang on an absence")

            _ = try await Programs.system("tar", ["-xzf", file, "-C", directory])
            let canary = try await Programs.system("grep", ["-r", "canary", directory])
            #expect(canary.exitCode == 1, "\(canary.output)")
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(!FileManager.default.fileExists(atPath: file + ".partial"))
        }
    }

    @Test("given the whole cluster, then the bundle has several namespaces and what is in none")
    func everything() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        _ = try await cluster.makeDeployment("web", in: namespace)
        try await Programs.withDirectory { directory in
            let file = "\(directory)/bundle.tar.gz"
            #expect(try await collect(cluster, "-A", "-o", file).exitCode == 0)
            let names = try await Programs.system("tar", ["-tzf", file]).output.split(separator: "\n").map(String.init)
            #expect(names.contains("\(namespace)/deployments.json"))
            #expect(names.contains("namespaces.json"))
            #expect(names.contains("collection.json"))
            #expect(!names.contains { $0.contains("secrets") })
        }
    }

    @Test("given a cluster that does not answer or a file that cannot be written, then nothing is left behind")
    func failures() async throws {
        let cluster = try await TestCluster.shared()
        try await Programs.withDirectory { directory in
            let file = "\(directory)/bundle.tar.gz"
            let gone = try await Programs.aetherius(["collect", "--kubeconfig", "/nonexistent", "-o", file])
            #expect(gone.exitCode == 2)
            let refused = try await collect(cluster, "-o", "\(directory)/no/such/file")
            #expect(refused.exitCode == 2)
            #expect(refused.errors.contains("\(directory)/no/such/file"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
            #expect(try await collect(cluster, "-A", "-n", "shop", "-o", file).exitCode == 64)
            #expect(try await collect(cluster).exitCode == 64)
        }
    }
}
