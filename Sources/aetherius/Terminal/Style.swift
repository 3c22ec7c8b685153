// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import FoundationEssentials

/// When to use colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case always
    case never

    /// On a terminal, unless `NO_COLOR` (https://no-color.org) or the terminal itself speaks against it.
    var isOn: Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            let environment = ProcessInfo.processInfo.environment
            guard environment["NO_COLOR"]?.isEmpty ?? true, environment["TERM"] != "dumb" else { return false }
            return Terminal.output.isInteractive
        }
    }
}

/// Sets words apart by colour, or does not.
struct Style {
    enum Role: String {
        /// What is broken.
        case subject = "1"
        /// How it is broken.
        case fault = "1;31"
        /// What orders the page.
        case label = "2"
        /// What can be typed.
        case command = "36"
        /// What the reader must not overlook.
        case warning = "33"
        /// That all is well.
        case healthy = "32"
    }

    let isColored: Bool

    func callAsFunction(_ text: String, _ role: Role) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
    }
}
