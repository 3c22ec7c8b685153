// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@Suite("aetherius diagnose, on a terminal and not", .timeLimit(.minutes(5)))
struct TerminalTests {
    private func arguments(_ cluster: TestCluster, _ more: String...) async throws -> [String] {
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.outOfMemory)
        return ["diagnose", "--kubeconfig", cluster.kubeconfig, "-n", namespace] + more
    }

    @Test("given a terminal, then there is colour, unless NO_COLOR, TERM or --color speak against it")
    func onTerminal() async throws {
        let cluster = try await TestCluster.shared()
        let arguments = try await arguments(cluster)
        let colored = try await Programs.aetheriusOnTerminal(arguments)
        #expect(colored.exitCode == 1)
        #expect(colored.output.contains("\u{1B}[1;31mOOMKilled\u{1B}[0m"))

        for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
            let plain = try await Programs.aetheriusOnTerminal(arguments, environment: environment)
            #expect(plain.output.contains("OOMKilled"))
            #expect(!plain.output.contains("\u{1B}"))
        }
        let never = try await Programs.aetheriusOnTerminal(arguments + ["--color", "never"])
        #expect(!never.output.contains("\u{1B}"))
        let json = try await Programs.aetheriusOnTerminal(arguments + ["-o", "json"])
        #expect(!json.output.contains("\u{1B}"))
    }

    @Test("given a file or pipe, then there is no colour, unless --color asks for it")
    func notOnTerminal() async throws {
        let cluster = try await TestCluster.shared()
        let arguments = try await arguments(cluster)
        #expect(!(try await Programs.aetherius(arguments)).output.contains("\u{1B}"))
        let always = try await Programs.aetherius(arguments + ["--color", "always"], environment: ["NO_COLOR": "1"])
        #expect(always.output.contains("\u{1B}[1;31mOOMKilled\u{1B}[0m"))
    }

    @Test("given a server that does not answer, then a terminal shows after a second what is waited for")
    func slowServer() async throws {
        let server = SilentServer()
        try await Programs.withDirectory { directory in
            let kubeconfig = "\(directory)/config"
            try server.writeKubeconfig(to: kubeconfig)
            let command = "timeout 5 '\(try Programs.path)' diagnose --kubeconfig '\(kubeconfig)'"
            let watched = try await Programs.system("script", ["-qec", command, "/dev/null"])
            #expect(watched.output.contains("Reading namespace shop from http://127.0.0.1:\(server.port), 1 s"))
            #expect(watched.output.contains(", 2 s"))

            let piped = try await Programs.system("sh", ["-c", command])
            #expect(piped.exitCode == 124, "it has to wait as well")
            #expect(piped.errors == "")
            #expect(piped.output == "")
        }
    }

    @Test("given a server that answers at once, then no progress is shown")
    func fastServer() async throws {
        let cluster = try await TestCluster.shared()
        let arguments = try await arguments(cluster)
        let start = ContinuousClock.now
        let ending = try await Programs.aetheriusOnTerminal(arguments)
        // On a machine that is busy with something else no server answers at once.
        guard start.duration(to: .now) < .seconds(1) else { return }
        #expect(!ending.output.contains("Reading"))
    }
}
