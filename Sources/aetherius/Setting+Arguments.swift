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
