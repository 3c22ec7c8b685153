// SPDX-License-Identifier: Apache-2.0

/// How the program was called.
enum Invocation {
    /// The program's own name.
    static let program = "aetherius"

    /// What people type to call it: kubectl finds its plugins by the name of their file, and tells them nothing more.
    @TaskLocal static var name = name(ofFile: CommandLine.arguments.first ?? program)

    static func name(ofFile path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return file.hasPrefix("kubectl-\(program)") ? "kubectl \(program)" : program
    }
}
