// SPDX-License-Identifier: Apache-2.0
public import JSON

extension YAML {
    /// Writes a tree as one document in block style.
    ///
    /// ``decode(_:)`` reads it back as the same tree, but for numbers in a notation of their own (``JSONNumber``), of
    /// which it reads the nearest double. Strings that some reader of YAML 1.1 or 1.2 could take for
    /// something else are quoted, so the text also means the same to readers other than this one. Numbers that are
    /// not finite have no JSON form and become `null`.
    public static func encode(_ value: JSONValue) -> [UInt8] {
        var writer = YAMLWriter()
        writer.root(value)
        return Array(writer.text.utf8)
    }
}

/// Puts a tree into lines.
struct YAMLWriter {
    /// libyaml, like most readers, looks no further than 1024 characters for the colon after a key.
    private static let longestSimpleKey = 1000
    private(set) var text = ""

    mutating func root(_ value: JSONValue) {
        if let scalar = YAMLScalar.inline(value) ?? YAMLScalar.block(value, indent: 2) {
            text += scalar + "\n"
        } else {
            collection(value, indent: 0)
        }
    }

    /// Writes an array or object whose first entry goes where the text ends now.
    private mutating func collection(_ value: JSONValue, indent: Int) {
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if index > 0 { startLine(indent) }
                text += "-"
                entry(element, indent: indent, isElement: true)
            }
        case .object(let fields):
            for (index, (key, value)) in fields.enumerated() {
                if index > 0 { startLine(indent) }
                let name = YAMLScalar.inline(key)
                if name.utf8.count > Self.longestSimpleKey {
                    text += "? \(name)\n"
                    startLine(indent)
                    text += ":"
                } else {
                    text += "\(name):"
                }
                entry(value, indent: indent, isElement: false)
            }
        default: break
        }
    }

    /// Writes what follows a dash or a colon, with the line break after it.
    private mutating func entry(_ value: JSONValue, indent: Int, isElement: Bool) {
        if let scalar = YAMLScalar.block(value, indent: indent + 2) ?? YAMLScalar.inline(value) {
            text += " " + scalar + "\n"
        } else if isElement {
            text += " "
            collection(value, indent: indent + 2)
        } else {
            // A list under a key needs no further indentation; Kubernetes writes it so.
            let inner = value.arrayValue == nil ? indent + 2 : indent
            text += "\n"
            startLine(inner)
            collection(value, indent: inner)
        }
    }

    private mutating func startLine(_ indent: Int) { text += String(repeating: " ", count: indent) }
}
