// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Observability

// Flags of settings are optional texts here: the table of settings knows their values, and what counts more.

extension Option where Value == String? {
    init(_ setting: Setting) {
        self.init(
            name: .customLong(setting.flag),
            help: ArgumentHelp("\(setting.help)\(setting.helpOfDefault)", valueName: setting.form.placeholder),
            completion: setting.form.completion
        )
    }
}

extension Flag where Value == Bool? {
    init(_ setting: Setting) {
        self.init(
            name: .customLong(setting.flag),
            inversion: .prefixedNo,
            help: ArgumentHelp("\(setting.help)\(setting.helpOfDefault)")
        )
    }
}

extension SettingValues {
    /// What the options, the environment and a file say about a command's settings.
    /// - Parameters:
    ///   - settings: all that the command has.
    ///   - given: the options; nil for one that was not given.
    ///   - environment: the environment.
    ///   - file: the file that an option names; nil for the one that the environment names, if it does.
    ///   - fileVariable: the variable that names it, without what comes before all of them.
    /// - Throws: `ValidationError` with what is wrong, for whoever has typed it.
    init(
        of settings: [Setting],
        given: [(Setting, String?)],
        environment: [String: String],
        file: String?,
        fileVariable: String
    ) throws(ValidationError) {
        let flags = given.compactMap { setting, text in text.map { (setting.flag, $0) } }
        let ofEnvironment = environment[Setting.variablePrefix + fileVariable].flatMap { $0.isEmpty ? nil : $0 }
        do {
            try self.init(
                of: settings,
                flags: Dictionary(uniqueKeysWithValues: flags),
                environment: environment,
                file: file ?? ofEnvironment
            )
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

extension Setting {
    fileprivate var helpOfDefault: String {
        let otherwise = fallback.isEmpty ? fallbackNote.filter { $0 != "`" } : fallback
        return otherwise.isEmpty ? "" : " (default: \(otherwise))"
    }
}

extension SettingForm {
    fileprivate var completion: CompletionKind? {
        switch self {
        case .choice(let words): .list(words)
        case .path: .file()
        default: nil
        }
    }
}
