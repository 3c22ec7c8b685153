// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

struct CompletionCommand: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "completion",
            abstract: "Prints the script that lets a shell complete commands, options and kinds.",
            discussion: """
                EXAMPLES
                  source <(aetherius completion bash)
                      for this shell only
                  aetherius completion bash > /etc/bash_completion.d/aetherius
                      for each new bash
                  aetherius completion zsh > "${fpath[1]}/_aetherius"
                      for each new zsh
                  aetherius completion fish > ~/.config/fish/completions/aetherius.fish
                      for each new fish
                """
        )
    }

    @Argument(help: "The shell: bash, zsh or fish.")
    var shell: Shell

    func run() {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        // A shell completes the words of a program, never those of one that kubectl calls.
        Invocation.$name.withValue(Invocation.program) { print(Aetherius.completionScript(for: shell)) }
    }
}
