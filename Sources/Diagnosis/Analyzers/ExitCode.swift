// SPDX-License-Identifier: Apache-2.0

/// What exit codes mean, by the conventions of shells and container runtimes.
enum ExitCode {
    /// A phrase that goes on after the name of a container.
    static func explain(_ code: Int) -> String {
        switch code {
        case 126: return "exits with code 126: its command is there but cannot be executed"
        case 127: return "exits with code 127: its command is not there"
        case 129...159:
            let signal = code - 128
            return "is ended by signal \(signal)\(signalName(signal).map { " (\($0))" } ?? "")"
        default: return "exits with code \(code)"
        }
    }

    private static func signalName(_ signal: Int) -> String? {
        switch signal {
        case 4: "SIGILL, an illegal instruction: often an image for another processor"
        case 6: "SIGABRT, it aborts itself"
        case 7: "SIGBUS, a bad memory access"
        case 8: "SIGFPE, a division by zero"
        case 9: "SIGKILL, killed from outside"
        case 11: "SIGSEGV, a bad memory access"
        case 15: "SIGTERM, asked to stop"
        default: nil
        }
    }
}
