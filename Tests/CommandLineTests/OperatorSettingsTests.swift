// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@Suite("Settings of aetherius operator", .timeLimit(.minutes(5)))
struct OperatorSettingsTests {
    private func expectRefusal(
        _ arguments: [String],
        _ environment: [String: String] = [:],
        says texts: String...
    ) async throws {
        let ending = try await Programs.aetherius(["operator"] + arguments, environment: environment)
        #expect(ending.exitCode == 64)
        #expect(ending.output == "")
        #expect(ending.errors.count { $0 == "\n" } == 1, "\(ending.errors)")
        #expect(ending.errors.hasPrefix("aetherius: "))
        #expect(ending.errors.hasSuffix(" (see 'aetherius operator --help')\n"))
        for text in texts { #expect(ending.errors.contains(text), "\(ending.errors)") }
    }

    @Test(
        "given a flag with a wrong value, then one line says what is possible, and the exit code is 64",
        arguments: [
            ("--kube-api-qps -1", "--kube-api-qps has to be a number of 0 or more, not '-1'"),
            ("--max-concurrent-tasks 0", "--max-concurrent-tasks has to be a whole number between 1 and 1000, not '0'"),
            ("--log-level loud", "--log-level has to be one of trace, debug, info, notice, warning, error, critical"),
            (
                "--health-probe-bind-address 8080",
                "--health-probe-bind-address has to be an address to listen at, such as :8080"
            ),
            ("--kube-api-burst 0", "--kube-api-burst has to be a whole number between 1 and"),
            ("--log-format xml", "--log-format has to be one of text, json, not 'xml'"),
            ("--metrics-bind-address 9090", "--metrics-bind-address has to be an address to listen at, such as :8080"),
            ("--watch-namespaces a,,b", "--watch-namespaces has to be names of namespaces with commas"),
            ("--namespace Shop", "--namespace has to be the name of a namespace"),
            ("--otlp-endpoint collector:4318", "--otlp-endpoint has to be a URL that begins with http:// or https://"),
            ("--shutdown-grace-period 0", "--shutdown-grace-period has to be a whole number between 1 and 3600"),
            ("--metrics-secure", "--metrics-secure needs --metrics-cert-dir"),
            ("--metrics-cert-dir /tmp", "--metrics-cert-dir has a meaning only with --metrics-secure"),
            (
                "--metrics-bind-address :7 --health-probe-bind-address :7",
                "--metrics-bind-address has to differ from --health-probe-bind-address"
            ),
            ("--config /nowhere.yaml", "/nowhere.yaml (the settings) cannot be read"),
        ]
    )
    func wrongFlags(line: String, message: String) async throws {
        var words = line.split(separator: " ").map(String.init)
        // A value that looks like a flag needs its equals sign.
        if words.count == 2, words[1].hasPrefix("-") { words = [words.joined(separator: "=")] }
        try await expectRefusal(words, says: message)
    }

    @Test("given a wrong variable, then it is named")
    func wrongVariable() async throws {
        try await expectRefusal(
            [],
            ["AETHERIUS_MAX_CONCURRENT_TASKS": "many"],
            says: "AETHERIUS_MAX_CONCURRENT_TASKS has to be a whole number between 1 and 1000, not 'many'"
        )
    }

    @Test("given a wrong file, by the flag or the environment, then the file, the line and the key are named")
    func wrongFile() async throws {
        try await Programs.withDirectory { directory in
            let path = "\(directory)/config.yaml"
            try Data("logLevel: info\nmaxTasks: 3\n".utf8).write(to: URL(filePath: path))
            try await expectRefusal(["--config", path], says: "\(path), line 2: there is no setting 'maxTasks'")
            try Data("leaderElection: maybe\n".utf8).write(to: URL(filePath: path))
            try await expectRefusal(
                [],
                ["AETHERIUS_CONFIG": path],
                says: "\(path), line 1: leaderElection has to be true or false, not 'maybe'"
            )
        }
    }

    @Test("given settings that are right, then they are taken from the file, and a flag counts more")
    func rightSettings() async throws {
        try await Programs.withDirectory { directory in
            let kubeconfig = "\(directory)/kubeconfig"
            try SilentServer().writeKubeconfig(to: kubeconfig)
            let path = "\(directory)/config.yaml"
            let text = """
                kubeconfig: \(kubeconfig)
                namespace: from-file
                identity: file
                logFormat: json
                healthProbeBindAddress: 127.0.0.1:0
                metricsBindAddress: "0"
                shutdownGracePeriod: 2
                """
            try Data(text.utf8).write(to: URL(filePath: path))
            let program = ProgramUnderTest("aetherius", ["operator", "--config", path, "--identity", "flag"])
            let line = await program.errorLine(containing: #""message":"starting""#)
            #expect(line?.contains(#""namespace":"from-file""#) == true, "\(line ?? "")")
            #expect(line?.contains(#""identity":"flag""#) == true, "\(line ?? "")")
            #expect(await program.errorLine(containing: "serving HTTP", #""site":"health""#) != nil)
            program.terminate()
            let ending = try await program.ending()
            #expect(!ending.errors.contains(#""site":"metrics""#))
        }
    }
}
