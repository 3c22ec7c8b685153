// SPDX-License-Identifier: Apache-2.0

// What every program of ours can be told in the same words.
extension Setting {
    /// The least important messages to log: `--log-level`.
    /// - Parameters:
    ///   - program: what the program is called in a sentence, such as `operator`.
    ///   - variableScope: as of ``init(_:_:default:otherwise:variableScope:help:)``.
    public static func logLevel(of program: String, variableScope: String = "") -> Setting {
        Setting(
            "log-level",
            .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            default: "info",
            variableScope: variableScope,
            help: "The least important messages to log. It can be changed while the \(program) runs."
        )
    }

    /// How to write the log: `--log-format`.
    public static func logFormat(variableScope: String = "") -> Setting {
        Setting(
            "log-format",
            .choice(["text", "json"]),
            default: "text",
            variableScope: variableScope,
            help: "How to write the log."
        )
    }
}
