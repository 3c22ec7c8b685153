// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@Suite("Wrong usage and help", .timeLimit(.minutes(5)))
struct UsageTests {
    @Test(
        "given wrong usage, then one line says what to type instead, and the exit code is 64",
        arguments: [
            ("web", "type one of diagnose, collect, operator, agent, completion, version"),
            ("deployment/web", "type 'aetherius diagnose deployment/web'"),
            ("--nonsense", "unknown option '--nonsense'"),
            ("diagnose web", "type kind/name, such as deployment/web"),
            ("diagnose pods", "type pods/name"),
            ("diagnose pod/", "type kind/name, such as pod/web"),
            ("diagnose thing/web", "type kind/name with one of daemonset, deployment,"),
            ("diagnose a/b/c", "the namespace with -n"),
            ("diagnose pod/a pod/b", "one object at a time"),
            ("diagnose pod a/b", "type kind/name or kind name"),
            ("diagnose pod a b", "unexpected argument 'b'; leave it out"),
            ("diagnose -n", "missing value for '-n'"),
            ("diagnose -n Shop", "such as -n shop"),
            ("diagnose -n a/../b", "such as -n shop"),
            ("diagnose -n a -A", "type -A for all namespaces or -n for one"),
            ("diagnose -A pod/web", "type -n <namespace>"),
            ("diagnose ns/a -n b", "leave out -n with namespace/a"),
            ("diagnose -o xml", "one of 'text', 'json', 'yaml' or 'markdown'"),
            ("diagnose --color red", "one of 'auto', 'always' or 'never'"),
            ("diagnose --as-group g", "add the user with --as <user>"),
            ("diagnose --nmespace shop", "Did you mean '--namespace'?"),
            ("diagnose --kubeconfig", "missing value for '--kubeconfig <file>': the kubeconfig file"),
            ("operator now", "unexpected argument 'now'"),
            ("operator --max-concurrent-tasks 0", "between 1 and 1000"),
            ("operator --log-level loud", "one of trace, debug, info"),
            ("completion", "the shell: bash, zsh or fish"),
            ("completion tcsh", "one of 'bash', 'zsh' or 'fish'"),
        ]
    )
    func wrongUsage(line: String, hint: String) async throws {
        let words = line.split(separator: " ").map(String.init)
        let ending = try await Programs.aetherius(words)
        #expect(ending.exitCode == 64)
        #expect(ending.output == "")
        #expect(ending.errors.hasPrefix("aetherius: "))
        #expect(ending.errors.contains(hint), "\(ending.errors)")
        let command = ["diagnose", "operator", "completion"].contains(words[0]) ? "aetherius \(words[0])" : "aetherius"
        #expect(ending.errors.hasSuffix(" (see '\(command) --help')\n"))
        #expect(ending.errors.count { $0 == "\n" } == 1)
    }

    @Test(
        "given --help, then there are examples, and each of them is a command that exists",
        arguments: [[], ["diagnose"], ["operator"], ["completion"], ["version"]]
    )
    func help(command: [String]) async throws {
        let ending = try await Programs.aetherius(command + ["--help"])
        #expect(ending.exitCode == 0)
        #expect(ending.errors == "")
        let lines = ending.output.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "EXAMPLES"))
        let examples = lines[start...].prefix { !$0.isEmpty }.filter { $0.hasPrefix("  aetherius ") }
        #expect(!examples.isEmpty)
        for example in examples {
            // Without the redirection that a shell would take, and with --help nothing is done.
            let words = example.prefix { $0 != ">" }.split(separator: " ").dropFirst().map(String.init)
            let tried = try await Programs.aetherius(words + ["--help"])
            #expect(tried.exitCode == 0, "\(example): \(tried.errors)")
        }
    }
}
