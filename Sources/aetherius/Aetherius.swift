// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KubeClient

@main
struct Aetherius: AsyncParsableCommand {
    static let version = "0.1.0"

    // The texts name the program as it was called, so they are put together when they are asked for.
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Invocation.name,
            abstract: "Finds out why something in a Kubernetes cluster is broken.",
            discussion: """
                EXAMPLES
                  \(Invocation.name) diagnose deployment/web -n shop
                      why one workload is broken, without anything installed in the cluster
                  \(Invocation.name) diagnose -A -o json
                      the whole cluster, for programs
                  \(Invocation.name) operator
                      answer DiagnosticTasks until it is told to stop
                """,
            version: version,
            subcommands: [
                DiagnoseCommand.self, CollectCommand.self, OperatorCommand.self, AgentCommand.self,
                CompletionCommand.self, VersionCommand.self, DetectionsCommand.self, MetricsCommand.self,
                ConfigurationCommand.self,
            ]
        )
    }

    static func main() async {
        ProcessMemory.favorReturning()
        let arguments = Array(CommandLine.arguments.dropFirst())
        // A shell completes the words of a program, never those of one that kubectl calls.
        let isForShell = arguments.contains { $0.hasPrefix("--generate-completion-script") }
        await Invocation.$name.withValue(isForShell ? Invocation.program : Invocation.name) {
            do {
                var command = try await asyncParseAsRoot(arguments)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch {
                guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
                StandardError.write(UsageError(error, arguments: arguments).line + "\n")
                exit(withError: ExitCode.validationFailure)
            }
        }
    }
}
