// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeClient
import OrderedCollections
import YAML

/// A file of settings in YAML: a mapping from keys to values.
struct SettingsFile {
    private let path: String
    private let bytes: [UInt8]
    private let fields: JSONValue

    /// Reads a file.
    /// - Throws: ``SettingsError`` if it cannot be read, or holds something that is no setting.
    init(_ path: String, _ settings: [Setting]) throws(SettingsError) {
        self.path = path
        do {
            bytes = try File.read(path, for: "the settings")
        } catch {
            throw SettingsError(error.message)
        }
        do {
            fields = try YAML.decode(bytes)
        } catch {
            throw SettingsError("\(path), \(error)")
        }
        if fields == .null { return }
        guard let keys = fields.objectValue?.keys else {
            throw SettingsError("\(path) has to hold a mapping, such as 'logLevel: info'")
        }
        for key in keys where !settings.contains(where: { $0.key == key }) {
            let known = settings.map(\.key).joined(separator: ", ")
            throw SettingsError("\(place(of: key)): there is no setting '\(key.prefix(80))'; there are \(known)")
        }
    }

    /// The value of a setting; nil if the file does not have it.
    func value(of setting: Setting) throws(SettingsError) -> SettingValue? {
        guard let field = fields[setting.key] else { return nil }
        guard let text = Self.text(of: field, setting.form) else {
            throw SettingsError("\(place(of: setting.key)): \(setting.key) has to be \(setting.form.requirement)")
        }
        return try SettingValues.value(text, of: setting, at: "\(place(of: setting.key)): \(setting.key)")
    }

    /// A value as it would be written as a flag; nil if it cannot be.
    private static func text(of value: JSONValue, _ form: SettingForm) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .integer(let integer): String(integer)
        case .double(let double): MetricsPage.number(double)
        case .array(let elements) where form == .names:
            elements.allSatisfy { $0.stringValue != nil } && !elements.isEmpty
                ? elements.compactMap(\.stringValue).joined(separator: ",") : nil
        default: nil
        }
    }

    private func place(of key: String) -> String {
        YAML.line(of: [.key(key)], in: bytes).map { "\(path), line \($0)" } ?? path
    }
}
