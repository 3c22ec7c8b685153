// SPDX-License-Identifier: Apache-2.0
import KubeClient

/// The settings of a program, each from the place that counts most.
///
/// A flag counts more than a variable of the environment, that more than a line of the file, and that more than the
/// default. An empty variable counts as none.
public struct SettingValues: Sendable {
    private var values: [String: SettingValue] = [:]

    /// Finds the values.
    /// - Parameters:
    ///   - settings: which settings there are.
    ///   - flags: the flags that were given, by ``Setting/flag``.
    ///   - environment: the process's environment.
    ///   - file: the file to read; nil for none.
    /// - Throws: ``SettingsError``, which names the place, and what is possible there.
    public init(
        of settings: [Setting],
        flags: [String: String],
        environment: [String: String],
        file: String?
    ) throws(SettingsError) {
        let file = try file.map { path throws(SettingsError) in try SettingsFile(path, settings) }
        for setting in settings {
            // What is overridden is read too: a mistake should not wait until the override is gone.
            let ofFile = try file?.value(of: setting)
            var ofEnvironment: SettingValue?
            if let text = environment[setting.variable], !text.isEmpty {
                ofEnvironment = try Self.value(text, of: setting, at: setting.variable)
            }
            let ofFlag = try flags[setting.flag].map { text throws(SettingsError) in
                try Self.value(text, of: setting, at: "--\(setting.flag)")
            }
            values[setting.flag] = ofFlag ?? ofEnvironment ?? ofFile ?? setting.form.value(of: setting.fallback)
        }
    }

    /// The text of a setting; nil if it has no value.
    public func text(_ setting: Setting) -> String? {
        guard case .text(let text)? = values[setting.flag] else { return nil }
        return text
    }

    /// The whole number of a setting; nil if it has no value.
    public func integer(_ setting: Setting) -> Int? {
        guard case .integer(let integer)? = values[setting.flag] else { return nil }
        return Int(exactly: integer)
    }

    /// The number of a setting; nil if it has no value.
    public func number(_ setting: Setting) -> Double? {
        guard case .number(let number)? = values[setting.flag] else { return nil }
        return number
    }

    /// Whether a setting says yes; without a value it does not.
    public func flag(_ setting: Setting) -> Bool { values[setting.flag] == .flag(true) }

    /// The names of a setting; none if it has no value.
    public func list(_ setting: Setting) -> [String] {
        guard case .list(let list)? = values[setting.flag] else { return [] }
        return list
    }

    /// The address of a setting; nil for none, which is also what `0` means.
    public func address(_ setting: Setting) -> BindAddress? { text(setting).flatMap { BindAddress($0) } }

    static func value(_ text: String, of setting: Setting, at place: String) throws(SettingsError) -> SettingValue {
        guard let value = setting.form.value(of: text) else {
            throw SettingsError("\(place) has to be \(setting.form.requirement), not '\(text.prefix(80))'")
        }
        return value
    }
}
