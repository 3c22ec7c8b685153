// SPDX-License-Identifier: Apache-2.0

/// One thing that can be set about a program: by a flag, an environment variable or a line of a file.
///
/// A program keeps its settings in one table, from which its flags, its messages and its documentation come.
///
/// ```swift
/// static let workers = Setting("workers", .integer(1...100), default: "4", help: "How many workers there are.")
/// ```
public struct Setting: Sendable, Hashable {
    /// What comes before the name of a setting in the environment.
    public static let variablePrefix = "AETHERIUS_"

    /// The flag without its dashes, such as `log-level`.
    public let flag: String
    /// Which values there are.
    public let form: SettingForm
    /// The value if nobody sets one; empty for none.
    public let fallback: String
    /// What happens if nobody sets a value, where that cannot be said by a value.
    public let fallbackNote: String
    /// What it is about, in a sentence or two.
    public let help: String
    /// The words that follow ``variablePrefix`` in the environment, such as `AGENT_`; empty for none.
    ///
    /// Programs whose settings have the same flags need them, since they may share an environment.
    public let variableScope: String

    /// Describes a setting.
    /// - Parameters:
    ///   - flag: the flag without its dashes.
    ///   - form: which values there are.
    ///   - fallback: the value if nobody sets one.
    ///   - fallbackNote: what happens without a value, if `fallback` does not say it.
    ///   - variableScope: what stands between the prefix and the name in the environment.
    ///   - help: what it is about.
    public init(
        _ flag: String,
        _ form: SettingForm,
        default fallback: String = "",
        otherwise fallbackNote: String = "",
        variableScope: String = "",
        help: String
    ) {
        self.flag = flag
        self.form = form
        self.fallback = fallback
        self.fallbackNote = fallbackNote
        self.variableScope = variableScope
        self.help = help
    }

    /// The key in a file, such as `logLevel`.
    public var key: String {
        let words = flag.split(separator: "-")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    /// The variable in the environment, such as `AETHERIUS_LOG_LEVEL`.
    public var variable: String { Self.variablePrefix + variableScope + flag.uppercased().replacing("-", with: "_") }
}
