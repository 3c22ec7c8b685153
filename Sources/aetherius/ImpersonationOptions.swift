// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KubeClient

/// Whose rights a command uses, for those who may lend them.
struct ImpersonationOptions: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "The user to look as, such as jane or system:serviceaccount:shop:default.",
            valueName: "user"
        )
    )
    var user: String?

    @Option(
        name: .customLong("as-group"),
        help: ArgumentHelp("A group to look as, besides the user; may be given several times.", valueName: "group")
    )
    var groups: [String] = []

    func validate() throws {
        if user?.isEmpty ?? false { throw ValidationError("--as needs the name of a user, such as --as jane") }
        if user == nil, !groups.isEmpty {
            throw ValidationError("--as-group does not stand alone; add the user with --as <user>")
        }
        if groups.contains("") {
            throw ValidationError("--as-group needs the name of a group, such as --as-group developers")
        }
    }

    func apply(to configuration: inout ClientConfiguration) {
        guard let user else { return }
        configuration.impersonation = Impersonation(user: user, groups: groups)
    }
}
