// SPDX-License-Identifier: Apache-2.0
import JSON
import OrderedCollections

/// Chooses how a scalar is written: bare, in quotes, or as a block of lines.
enum YAMLScalar {
    /// Words that are truth values or nothing in YAML 1.1, which many readers still follow.
    private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

    /// The form within a line; nil for arrays and objects that are not empty.
    static func inline(_ value: JSONValue) -> String? {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .double(let value): value.isFinite ? String(value) : "null"
        case .number(let value): value.text
        case .string(let value): inline(value)
        case .array(let elements): elements.isEmpty ? "[]" : nil
        case .object(let fields): fields.isEmpty ? "{}" : nil
        }
    }

    static func inline(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// The form as a literal block; nil if the value is not a text of several lines that survives it.
    static func block(_ value: JSONValue, indent: Int) -> String? {
        guard case .string(let text) = value, text.utf8.contains(UInt8(ascii: "\n")) else { return nil }
        // White space at the beginning would be taken for indentation; at the end of a line it would be invisible.
        guard let first = text.utf8.first, !isSpace(first), first != UInt8(ascii: "\n") else { return nil }
        guard text.unicodeScalars.allSatisfy({ isPrintable($0) || $0 == "\n" || $0 == "\t" }) else { return nil }
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard !lines.contains(where: { $0.last.map(isSpace) ?? false }) else { return nil }
        let breaks = text.utf8.reversed().prefix { $0 == UInt8(ascii: "\n") }.count
        let sign = breaks == 0 ? "|-" : breaks == 1 ? "|" : "|+"
        // The writer ends every scalar with a line break of its own.
        let body = breaks == 0 ? lines[...] : lines.dropLast()
        let margin = String(repeating: " ", count: indent)
        return sign + body.reduce(into: "") { $0 += $1.isEmpty ? "\n" : "\n" + margin + String(Substring($1)) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Whether a text means itself without quotes, to any reader and at any place.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        switch first {
        // Words, names and paths begin so. Digits, signs and dots may begin numbers, dates and times in some schema.
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "/"),
            UInt8(ascii: "_"), UInt8(ascii: "("), 0x80...:
            break
        default: return false
        }
        guard !isSpace(last), last != UInt8(ascii: ":"), !words.contains(text.lowercased()) else { return false }
        guard text.unicodeScalars.allSatisfy(isPrintable) else { return false }
        // ": " would make a key of what is before it, " #" a comment of what is after it.
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: " "), previous == UInt8(ascii: ":") { return false }
            if byte == UInt8(ascii: "#"), previous == UInt8(ascii: " ") { return false }
            previous = byte
        }
        return true
    }

    /// Whether a character may stand in a YAML text and is no line break to any reader.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...: true
        default: false
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result + "\""
    }
}
