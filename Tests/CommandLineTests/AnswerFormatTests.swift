// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeTesting
import Testing
import YAML

@Suite("aetherius diagnose, for programs and documents", .timeLimit(.minutes(5)))
struct AnswerFormatTests {
    private func brokenNamespace(_ cluster: TestCluster) async throws -> (namespace: String, pod: String) {
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.outOfMemory)
        return (namespace, pod)
    }

    @Test("given -o json, then the answer is one JSON object for programs")
    func json() async throws {
        let cluster = try await TestCluster.shared()
        let (namespace, pod) = try await brokenNamespace(cluster)
        let ending = try await Programs.diagnose(cluster, "-n", namespace, "-ojson")
        #expect(ending.exitCode == 1)
        let answer = try JSON.decode(JSONValue.self, from: ending.output)
        let workload: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "namespace": .string(namespace), "name": "web",
        ]
        #expect(answer["schemaVersion"] == 1)
        #expect(answer["subject"] == .null)
        #expect(answer["namespace"] == .string(namespace))
        #expect(answer["terminationReason"] == "Confident")
        #expect(answer["truncated"] == false)
        #expect(answer.value(at: "rootCause", "class") == "OOMKilled")
        #expect(answer.value(at: "rootCause", "object") == workload)
        #expect(answer.value(at: "rootCause", "objects")?.arrayValue?.first?["name"] == .string(pod))
        #expect(answer["candidates"]?.arrayValue?.first == answer["rootCause"])
        #expect(answer["recommendations"] == answer.value(at: "rootCause", "recommendations"))
        for (list, field) in [("findings", "findings"), ("evidence", "evidence")] {
            let known = answer[list]?.arrayValue?.compactMap { $0["id"] } ?? []
            let used = answer.value(at: "rootCause", field)?.arrayValue ?? []
            #expect(!used.isEmpty)
            #expect(used.allSatisfy(known.contains), "\(list)")
        }

        let one = try await Programs.diagnose(cluster, "deploy/web", "-n", namespace, "-o", "json")
        let oneAnswer = try JSON.decode(JSONValue.self, from: one.output)
        #expect(oneAnswer["subject"] == workload)

        let all = try await Programs.diagnose(cluster, "-A", "-o", "json")
        #expect(try JSON.decode(JSONValue.self, from: all.output)["namespace"] == .null)
    }

    @Test("given any answer in JSON, then its fields and those in docs/diagnose.md are the same")
    func documented() async throws {
        let cluster = try await TestCluster.shared()
        let (namespace, _) = try await brokenNamespace(cluster)
        // A symptom that follows from the fault of another workload, and a cause about an object that is not there.
        try await cluster.kubectl("create", "service", "clusterip", "web", "-n", namespace, "--tcp=80")
        try await cluster.makeStatefulSet("db", serviceName: "missing", in: namespace)
        try await cluster.kubectl("set", "env", "statefulset/db", "-n", namespace, "API_HOST=web")
        var fields: Set<String> = []
        let questions = [
            ["deploy/web", "-n", namespace], ["-n", namespace, "--as", "jane"],
            ["-n", namespace, "--include", "hygiene"],
        ]
        for arguments in questions {
            let ending = try await Programs.aetherius(
                ["diagnose", "--kubeconfig", cluster.kubeconfig, "-o", "json"] + arguments
            )
            fields.formUnion(try JSON.decode(FieldPaths.self, from: ending.output).paths)
        }
        let text = try String(contentsOfFile: RepositoryPaths.root + "/docs/diagnose.md", encoding: .utf8)
        let chapters = text.split(separator: "\n## ")
        let chapter = try #require(chapters.first { $0.hasPrefix("JSON and YAML\n") })
        let documented = chapter.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("| `") else { return nil }
            return line.split(separator: "`").dropFirst().first.map(String.init)
        }
        #expect(Set(documented).count == documented.count, "a field is described twice")
        #expect(fields.subtracting(documented) == [], "not described")
        #expect(Set(documented).subtracting(fields) == [], "described, but not there")
    }

    @Test("given -o yaml, then it says the same as -o json")
    func yaml() async throws {
        let cluster = try await TestCluster.shared()
        let (namespace, _) = try await brokenNamespace(cluster)
        let yaml = try await Programs.diagnose(cluster, "-n", namespace, "-o", "yaml")
        let json = try await Programs.diagnose(cluster, "-n", namespace, "-o", "json")
        #expect(yaml.exitCode == 1)
        #expect(yaml.output.hasPrefix("schemaVersion: 1\nsubject: null\nnamespace: \(namespace)\n"))
        var fromYAML = try YAML.decode(Array(yaml.output.utf8))
        var fromJSON = try JSON.decode(JSONValue.self, from: json.output)
        fromYAML["gatheredAt"] = nil
        fromJSON["gatheredAt"] = nil
        #expect(fromYAML == fromJSON)
    }

    @Test("given a failure before anything was looked at, then programs get an answer of the same form")
    func failure() async throws {
        let ending = try await Programs.aetherius([
            "diagnose", "pod/web", "-n", "shop", "--kubeconfig", "/nonexistent", "-o", "json",
        ])
        #expect(ending.exitCode == 2)
        #expect(ending.errors.contains("/nonexistent"))
        let answer = try JSON.decode(JSONValue.self, from: ending.output)
        #expect(answer["schemaVersion"] == 1)
        #expect(answer["terminationReason"] == "CouldNotLook")
        #expect(answer["summary"]?.stringValue?.contains("/nonexistent") == true)
        #expect(answer.value(at: "subject", "namespace") == "shop")
        #expect(answer["gatheredAt"] == .null)
        #expect(answer["rootCause"] == .null)
        #expect(answer["unreadable"]?.arrayValue?.first?["reason"] == "Configuration")
    }

    @Test("given -o markdown, then text from the cluster means nothing but itself there")
    func markdown() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        let words = "FATAL: `tick` **bold** <b> [a](http://b) | ``two``"
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.crashLooping(words))
        let other = try await cluster.makeDeployment("api", in: namespace)
        try await cluster.setStatus(ofPod: other, in: namespace, TestCluster.outOfMemory)

        let ending = try await Programs.diagnose(cluster, "-n", namespace, "-o", "markdown")
        #expect(ending.exitCode == 1)
        #expect(ending.output.hasPrefix("# Diagnosis of namespace \(namespace)\n\n"))
        #expect(ending.output.contains("\n| 2 | Deployment/\(namespace)/web | ApplicationCrash | 0.65 |\n"))
        #expect(ending.output.contains("\n## 2. Deployment/\(namespace)/web: ApplicationCrash\n"))
        #expect(
            ending.output.contains(
                #"FATAL: \`tick\` \*\*bold\*\* \<b\> \[a\](http://b) \| \`\`two\`\`"#
            )
        )
        #expect(ending.output.contains("``` \(words) ```"), "as code nothing needs a backslash")
        #expect(ending.output.contains("\n```sh\nkubectl -n \(namespace) logs \(pod) --previous -c app\n```\n"))
    }
}
