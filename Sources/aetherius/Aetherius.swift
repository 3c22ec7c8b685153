// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

@main
struct Aetherius: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "aetherius",
        abstract: "Finds out why something in a Kubernetes cluster is broken.",
        version: version,
        subcommands: [DiagnoseCommand.self, OperatorCommand.self]
    )
}
