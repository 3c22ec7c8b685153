// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("aetherius diagnose, as text", .timeLimit(.minutes(5)))
struct TextReportTests {
    @Test("given a crashing Deployment, then the text says what, where, the proof and what to do; the exit code is 1")
    func oneCause() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.crashLooping("FATAL: no database"))

        let ending = try await Programs.diagnose(cluster, "deploy/web", "-n", namespace)
        #expect(ending.exitCode == 1)
        #expect(ending.errors == "")
        let lines = ending.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "Deployment/\(namespace)/web: ApplicationCrash (confidence 0.65)")
        #expect(lines[1] == "  container app exits with code 1, saying: FATAL: no database")
        #expect(lines[2] == "  where  container app of Pod/\(namespace)/\(pod)")
        #expect(lines[3].hasPrefix("  proof  status.containerStatuses[app]: terminated with exit code 1"))
        #expect(lines.contains { $0.hasPrefix("  to do  Read the log of the failed run.") })
        #expect(lines.contains("           kubectl -n \(namespace) logs \(pod) --previous -c app"))
    }

    @Test("given several causes, then a table of them comes before the details")
    func severalCauses() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        for (name, status) in [("web", TestCluster.outOfMemory), ("api", TestCluster.crashLooping("FATAL: x"))] {
            let pod = try await cluster.makeDeployment(name, in: namespace)
            try await cluster.setStatus(ofPod: pod, in: namespace, status)
        }
        let ending = try await Programs.diagnose(cluster, "-n", namespace)
        #expect(ending.exitCode == 1)
        #expect(
            ending.output.hasPrefix(
                """
                2 causes in namespace \(namespace), the most certain first:
                  1  OOMKilled         Deployment/\(namespace)/web
                  2  ApplicationCrash  Deployment/\(namespace)/api

                1. Deployment/\(namespace)/web: OOMKilled (confidence 0.95)

                """
            )
        )
        #expect(ending.output.contains("\n\n2. Deployment/\(namespace)/api: ApplicationCrash (confidence 0.65)\n"))

        let again = try await Programs.diagnose(cluster, "-n", namespace)
        #expect(again.output == ending.output, "the same state has to read the same")
    }

    @Test("given the width of a terminal, then lines are broken between words, and commands are not")
    func width() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        let words = "FATAL: " + String(repeating: "word ", count: 40) + "end"
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.crashLooping(words))

        let ending = try await Programs.diagnose(
            cluster,
            "deployment",
            "web",
            "-n",
            namespace,
            environment: ["COLUMNS": "60"]
        )
        let lines = ending.output.split(separator: "\n").map(String.init)
        let command = "           kubectl -n \(namespace) logs \(pod) --previous -c app"
        #expect(lines.contains(command))
        for line in lines
        where line != command && line.drop(while: { $0 == " " }).contains(" ") && line.contains("word") {
            #expect(line.count <= 60, "\(line)")
        }
        #expect(lines.count { $0.contains("word") } >= 8, "both the message and the proof have to be broken")

        let unlimited = try await Programs.diagnose(cluster, "deployment", "web", "-n", namespace)
        #expect(unlimited.output.contains("  container app exits with code 1, saying: \(words)\n"))
    }

    @Test("given a log line with orders for a terminal, then they do not reach it")
    func controlCharacters() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        let line = "FATAL: \u{1B}[31mno\u{1B}[0m \u{1B}]0;owned\u{07}data\u{9B}2J\u{202E}base\u{7}"
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.crashLooping(line))

        for format in ["text", "markdown"] {
            let ending = try await Programs.diagnose(cluster, "-n", namespace, "-o", format)
            #expect(ending.output.contains("FATAL: no data2Jbase"))
            #expect(!ending.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        }
    }

    @Test("given something wrong without a known cause, then what was seen is told")
    func inconclusive() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        var status = TestCluster.running
        status["conditions"] = [["type": "Ready", "status": "False"]]
        try await cluster.setStatus(ofPod: pod, in: namespace, status)

        let ending = try await Programs.diagnose(cluster, "deploy/web", "-n", namespace)
        #expect(ending.exitCode == 1)
        #expect(
            ending.output.hasPrefix(
                "Something is wrong in Deployment/\(namespace)/web, but the cause is not known.\n\n"
            )
        )
        #expect(ending.output.contains("  Pod/\(namespace)/\(pod): "))
    }

    @Test("given an empty namespace, then one line says so and the exit code is 0")
    func healthy() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        for arguments in [["-n", namespace], ["-n\(namespace)"], ["namespace/\(namespace)"], ["ns", namespace]] {
            let ending = try await Programs.aetherius(["diagnose", "--kubeconfig", cluster.kubeconfig] + arguments)
            #expect(ending.exitCode == 0)
            #expect(ending.output.hasPrefix("Nothing is wrong with "))
            #expect(ending.output.count { $0 == "\n" } == 1)
        }
    }

    @Test(
        "given something that is not there, then the answer says so and the exit code is 2",
        arguments: [
            ["pod/none", "-n", "default"], ["-n", "nosuch"], ["namespace/nosuch"], ["deploy", "web", "-n", "nosuch"],
        ]
    )
    func missing(arguments: [String]) async throws {
        let cluster = try await TestCluster.shared()
        let ending = try await Programs.aetherius(["diagnose", "--kubeconfig", cluster.kubeconfig] + arguments)
        #expect(ending.exitCode == 2)
        #expect(ending.output.hasSuffix(" does not exist.\n"))
    }

    @Test("given no server or no file, then one line on standard error says which, and the exit code is 2")
    func unreachable() async throws {
        let noFile = try await Programs.aetherius(["diagnose", "--kubeconfig", "/nonexistent"])
        #expect(noFile.exitCode == 2)
        #expect(noFile.output == "")
        #expect(noFile.errors.hasPrefix("aetherius: "))
        #expect(noFile.errors.contains("/nonexistent"))
        #expect(noFile.errors.count { $0 == "\n" } == 1)
    }
}
