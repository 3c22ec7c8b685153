// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What has to do with the agents of observed clusters.
struct AgentCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Connects an observed cluster.",
        subcommands: [ManifestCommand.self]
    )
}
