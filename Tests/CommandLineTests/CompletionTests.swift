// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@Suite("Shell completions", .timeLimit(.minutes(5)))
struct CompletionTests {
    @Test(
        "given the script for bash, then bash completes commands, options, their values and kinds",
        arguments: [
            ("dia", "diagnose"), ("diagnose --kube", "--kubeconfig"), ("diagnose -o mark", "markdown"),
            ("diagnose deploy", "deployment"), ("completion fi", "fish"),
        ]
    )
    func bash(typed: String, completed: String) async throws {
        try await Programs.withDirectory { directory in
            let script = try await Programs.aetherius(["completion", "bash"])
            #expect(script.exitCode == 0)
            try Data(script.output.utf8).write(to: URL(filePath: "\(directory)/script"))
            let words = ["aetherius"] + typed.split(separator: " ").map(String.init)
            let ending = try await Programs.system(
                "bash",
                [
                    "-c",
                    """
                    source \(directory)/script
                    COMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(words.count - 1)
                    COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
                    _aetherius aetherius "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
                    printf '%s\\n' "${COMPREPLY[@]}"
                    """,
                ]
            )
            let offered = ending.output.split(separator: "\n").map { $0.filter { !$0.isWhitespace } }
            #expect(offered == [completed], "\(ending.errors)")
        }
    }

    @Test("given each shell, then its script is for it, however the program was called")
    func shells() async throws {
        for (shell, sign) in [
            ("bash", "complete -o"), ("zsh", "#compdef aetherius"), ("fish", "complete -c 'aetherius'"),
        ] {
            let script = try await Programs.aetherius(["completion", shell])
            #expect(script.exitCode == 0)
            #expect(script.output.contains(sign), "\(shell)")
            let option = try await Programs.aetherius(["--generate-completion-script", shell])
            #expect(option.output == script.output)
        }
    }
}
